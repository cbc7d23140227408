#include "room.hpp"
#include <algorithm>
#include <new>

namespace chatting {
namespace {

constexpr parting too_slow{1013, "You take messages too slowly. Come back when the line is better."};

std::uint64_t now_in_microseconds() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(now).count());
}

}  // namespace

room::room(std::string name, limits most) : name_(std::move(name)), most_(most), since_(now_in_microseconds()) {}

std::optional<room::member_id> room::enter(const std::string& name, outbox& to) {
  const std::lock_guard lock(mutex_);
  if (members_.size() >= most_.people) return std::nullopt;
  const auto shown = free_name(name);
  tell(joined(shown));
  greeting hello{.room = name_, .you = shown, .since = since_, .people = {}, .history = history_};
  for (const auto& each : members_) hello.people.emplace_back(each.name);
  hello.people.emplace_back(shown);
  const auto first = welcome(hello);
  members_.push_back({++last_member_, shown, left(shown), &to});      // what may fail has not failed
  to.put(first);
  return last_member_;
}

void room::leave(member_id who) noexcept {
  const std::lock_guard lock(mutex_);
  const auto gone = find(who);
  if (gone == members_.end()) return;
  const auto notice = gone->leaving;
  members_.erase(gone);
  try {
    tell(notice);
  } catch (const std::bad_alloc&) {       // then the others see one who does not answer
  }
}

void room::say(member_id who, std::string text) {
  const std::lock_guard lock(mutex_);
  const auto author = find(who);
  if (author == members_.end()) return;
  saying what{.id = ++last_saying_, .at = std::chrono::system_clock::now(), .from = author->name, .text = std::move(text)};
  tell(said(what));
  if (history_.size() == most_.history && !history_.empty()) history_.erase(history_.begin());
  if (most_.history > 0) history_.push_back(std::move(what));
}

std::vector<std::string> room::people() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& each : members_) names.push_back(each.name);
  return names;
}

bool room::empty() const {
  const std::lock_guard lock(mutex_);
  return members_.empty();
}

bool room::has(std::string_view name) const noexcept { return std::ranges::find(members_, name, &member::name) != members_.end(); }

std::string room::free_name(const std::string& wanted) const {
  auto name = wanted;
  for (int number = 2; has(name); ++number) name = wanted + ' ' + std::to_string(number);
  return name;
}

std::vector<room::member>::iterator room::find(member_id who) noexcept { return std::ranges::find(members_, who, &member::id); }

/// Puts out whom it cannot reach, which is told to the others as well; and so on, until it has reached all who are left.
void room::tell(const line& text) {
  std::vector<line> due{text};
  due.reserve(members_.size() + 1);       // so that nothing fails below
  while (!due.empty()) {
    const auto now = std::move(due.back());
    due.pop_back();
    std::erase_if(members_, [&](const member& each) {
      if (each.to->put(now)) return false;
      each.to->cut(too_slow);
      due.push_back(each.leaving);
      return true;
    });
  }
}

}  // namespace chatting
