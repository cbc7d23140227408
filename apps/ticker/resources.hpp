// resources.hpp - the page that shows the ticks, and what belongs to it.
#pragma once
#include <optional>
#include <page/send.hpp>

namespace ticking {

/// The page is that without a name.
std::optional<page::resource> find_resource(std::string_view name) noexcept;

}  // namespace ticking
