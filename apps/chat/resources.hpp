// resources.hpp - the page that talks to a room, and what belongs to it.
#pragma once
#include <optional>
#include <page/send.hpp>

namespace chatting {

/// The HTML, which is the same for all rooms.
page::resource room_page() noexcept;

/// Style and script, by their names.
std::optional<page::resource> find_resource(std::string_view name) noexcept;

}  // namespace chatting
