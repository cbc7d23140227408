// served_exchange.cpp - see csgi/serving/served_exchange.hpp.
#include <csgi/serving/served_exchange.hpp>
#include <csgi/serving/visible.hpp>

namespace csgi { inline namespace v1 {

void* served_exchange::find(const extension_id& wanted) noexcept {
  if (wanted == finish_hooks::id) return static_cast<finish_hooks*>(&hooks_);
  if (wanted == log_sink::id) return static_cast<log_sink*>(this);
  if (wanted == server_info::id) return &in_.info;
  if (wanted == background::id) return &in_.background;
  return nullptr;
}

void served_exchange::log(log_level level, std::string_view text) noexcept {
  try {
    in_.observer.log(level, log_line(in_.options.app_name, head(), text));
  } catch (const std::bad_alloc&) {
    in_.observer.log(level, "out of memory: a message is lost");
  }
}

void served_exchange::conclude(const outcome& how, clock::time_point began) noexcept {
  hooks_.run_all(how);
  if (!in_.observer.wants_access()) return;
  const request& of = head();
  const bool known = !of.method.empty();
  const auto target = known ? of.target : std::string_view();
  const auto version = known ? to_string(of.version) : std::string_view();
  in_.observer.access({of.peer, of.method, target, version, how, clock::now() - began});
}

}}  // namespace csgi::v1
