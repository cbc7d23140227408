// page.hpp - the page that talks to a room, and what belongs to it.
#pragma once
#include <optional>
#include <string_view>

namespace chatting {

struct resource {
  std::string_view type;
  std::string_view text;
};

/// The HTML, which is the same for all rooms.
resource page() noexcept;

/// Style and script, by their names.
std::optional<resource> find_resource(std::string_view name) noexcept;

}  // namespace chatting
