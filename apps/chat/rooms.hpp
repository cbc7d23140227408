// rooms.hpp - all rooms of a server, by their names.
#pragma once
#include "room.hpp"
#include <map>
#include <memory>

namespace chatting {

/// A member's place in a room, until it ends.
class seat {
 public:
  seat(std::shared_ptr<room> in, room::member_id who) noexcept : room_(std::move(in)), who_(who) {}
  seat(const seat&) = delete;
  seat& operator=(const seat&) = delete;
  ~seat() { room_->leave(who_); }

  void say(std::string text) const { room_->say(who_, std::move(text)); }

 private:
  const std::shared_ptr<room> room_;
  const room::member_id who_;
};

/// Rooms are made when somebody enters, and kept with what was said there until their place is needed.
///
/// Threads:   any.
class rooms {
 public:
  rooms(std::size_t most, room::limits of_each) noexcept : most_(most), of_each_(of_each) {}

  /// Nothing where the room is full, or as many rooms as there may be have people in them.
  ///
  /// Lifetime:  `to` outlives the seat.
  std::unique_ptr<const seat> enter(const std::string& room_name, const std::string& name, outbox& to);

 private:
  std::shared_ptr<room> find_or_make(const std::string& name);

  const std::size_t most_;
  const room::limits of_each_;
  std::mutex mutex_;                  // of what follows
  std::map<std::string, std::shared_ptr<room>> rooms_;
};

}  // namespace chatting
