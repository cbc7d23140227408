// line.hpp - a message on its way to members of a room.
#pragma once
#include <memory>
#include <string>

namespace chatting {

/// Serialized once, and shared by all whom it is sent to.
using line = std::shared_ptr<const std::string>;

}  // namespace chatting
