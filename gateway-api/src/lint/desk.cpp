// desk.cpp - see desk.hpp.
#include "desk.hpp"
#include <algorithm>
#include <cstdio>

namespace csgi { inline namespace v1 {

lint_view* lint_desk::admit(exchange& next, app_kind kind) noexcept {
  place* where = nullptr;
  try {
    const std::lock_guard lock(mutex_);
    if (waiting_ > remembered) {
      where = std::exchange(first_, first_->next);
      --waiting_;
    } else {
      where = places_.emplace_back(std::make_unique<place>()).get();
    }
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
  return &where->view.emplace(next, kind, *this, where);
}

void lint_desk::left(lint_view& view) noexcept {
  auto& where = *static_cast<place*>(view.place());
  const std::lock_guard lock(mutex_);
  where.next = nullptr;
  if (waiting_ == 0) first_ = &where;
  else last_->next = &where;
  last_ = &where;
  ++waiting_;
}

std::optional<fault> lint_desk::judge_number(std::uint64_t number, clock::time_point received, std::uint64_t connection) noexcept {
  const arrival now{number, received, connection};
  const std::lock_guard lock(mutex_);
  const auto equal = std::exchange(by_number_[number % by_number_.size()], now);
  if (equal.number == number && equal.received != clock::time_point() && equal.received != received) return fault::number_again;
  if (connection == 0) return std::nullopt;
  arrival& last = by_connection_[connection % by_connection_.size()];
  const bool follows = last.connection == connection && last.received < received;
  if (follows && number < last.number) return fault::number_smaller;
  if (follows || last.connection != connection) last = now;
  return std::nullopt;
}

void lint_desk::take(lint_report report, log_sink* sink) noexcept {
  const auto before = reports_.fetch_add(1, std::memory_order_relaxed);
  if (before > with.most_reports) return;
  try {
    const bool last = before == with.most_reports;
    if (with.report) {
      if (!last) with.report(report);
      return;
    }
    const std::string text = last ? "lint: too many reports, no more will follow" : report.text();
    if (sink) return sink->log(report.level, text);
    std::string line = text + ": ";
    for (const char c : report.request) line += static_cast<unsigned char>(c) < ' ' || c == 0x7F ? '?' : c;
    std::fprintf(stderr, "%s\n", line.c_str());
  } catch (...) {  // a report that cannot be made, or is not wanted, is no reason to fail a request
  }
}

std::string lint_report::text() const {
  std::string who;
  switch (at_fault) {
    case lint_role::app: who = name; break;
    case lint_role::middleware: who = "middleware at " + std::string(name); break;
    case lint_role::server: who = "server"; break;
    case lint_role::unclear: who = "server, or " + std::string(name); break;
  }
  std::string line = "lint: ";
  line.append(clause).append(" (").append(who).append("): ").append(what);
  if (!value.empty()) line.append(" (").append(value).append(")");
  if (!call.empty()) line.append(", in ").append(call);
  return line;
}

}}  // namespace csgi::v1
