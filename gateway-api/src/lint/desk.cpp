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

bool lint_desk::is_new(std::uint64_t number, clock::time_point received) noexcept {
  const std::lock_guard lock(mutex_);
  const auto before = std::exchange(arrivals_[number % arrivals_.size()], {number, received});
  return before.number != number || before.received == clock::time_point() || before.received == received;
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
  if (!call.empty()) line.append(", in ").append(call);
  return line;
}

}}  // namespace csgi::v1
