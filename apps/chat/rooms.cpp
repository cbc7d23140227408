#include "rooms.hpp"
#include <algorithm>

namespace chatting {

std::unique_ptr<const seat> rooms::enter(const std::string& room_name, const std::string& name, outbox& to) {
  const std::lock_guard lock(mutex_);       // until entered: else the room might be taken for an empty one
  auto in = find_or_make(room_name);
  const auto who = in ? in->enter(name, to) : std::nullopt;
  if (!who) return nullptr;
  return std::make_unique<const seat>(std::move(in), *who);
}

std::shared_ptr<room> rooms::find_or_make(const std::string& name) {
  const auto known = rooms_.find(name);
  if (known != rooms_.end()) return known->second;
  if (rooms_.size() >= most_) {
    const auto unused = std::ranges::find_if(rooms_, [](const auto& each) { return each.second->empty(); });
    if (unused == rooms_.end()) return nullptr;
    rooms_.erase(unused);
  }
  return rooms_.emplace(name, std::make_shared<room>(name, of_each_)).first->second;
}

}  // namespace chatting
