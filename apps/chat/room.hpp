// room.hpp - who is in one room, and what was said there.
#pragma once
#include "messages.hpp"
#include "outbox.hpp"
#include <mutex>
#include <optional>
#include <vector>

namespace chatting {

/// What is said in a room goes to all who are in it, on whatever loop they are. Who takes too little of it is put out: one slow
/// member costs the others nothing but a bounded outbox.
///
/// Threads:   any. Outboxes are posted to under the room's lock, so none ends meanwhile whose member has yet to leave().
class room {
 public:
  using member_id = std::uint64_t;

  struct limits {
    std::size_t people = 200;
    std::size_t history = 50;         ///< sayings, for newcomers
  };

  room(std::string name, limits most);

  /// Welcomes a member, and tells the others; its name, where another one has it, with a number. Nothing where it is full.
  ///
  /// Lifetime:  `to` is borrowed until leave().
  std::optional<member_id> enter(const std::string& name, outbox& to);

  /// Tells the others. Does nothing for one who was put out.
  void leave(member_id who) noexcept;

  /// Tells all, its author too. Of one who was put out it is dropped.
  void say(member_id who, std::string text);

  std::vector<std::string> people() const;
  bool empty() const;

 private:
  struct member {
    member_id id;
    std::string name;
    line leaving;             // what the others are told then
    outbox* to;
  };

  bool has(std::string_view name) const noexcept;
  std::string free_name(const std::string& wanted) const;
  std::vector<member>::iterator find(member_id who) noexcept;
  void tell(const line& text);

  const std::string name_;
  const limits most_;
  const std::uint64_t since_;
  mutable std::mutex mutex_;            // of what follows
  std::vector<member> members_;
  std::vector<saying> history_;
  member_id last_member_ = 0;
  std::uint64_t last_saying_ = 0;
};

}  // namespace chatting
