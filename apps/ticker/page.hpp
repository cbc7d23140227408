// page.hpp - the page that shows the ticks, and what belongs to it.
#pragma once
#include <optional>
#include <string_view>

namespace ticking {

struct resource {
  std::string_view type;
  std::string_view text;
};

/// The page is that without a name.
std::optional<resource> find_resource(std::string_view name) noexcept;

}  // namespace ticking
