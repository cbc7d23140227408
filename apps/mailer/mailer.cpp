#include "mailer.hpp"
#include "answers.hpp"
#include <csgi/to_thread.hpp>

namespace {

csgi::task<> take_in(csgi::async_exchange ex, post_office& office) {
  const auto body = co_await ex.read_all(letter_request_limit);
  const letter l = read_letter(ex.head(), body);
  auto keeping = csgi::to_thread([&] { return office.take_in(l); });
  const auto id = co_await keeping;
  const auto location = letter_location(ex.head(), id);
  ex.start(202, {{"content-type", "application/json"}, {"location", location}});
  co_await ex.finish(letter_json(id, letter_state::waiting));
}

csgi::task<> tell_state(csgi::async_exchange ex, const post_office& office, std::string_view id) {
  auto looking = csgi::to_thread([&] { return office.state_of(id); });
  const auto state = required(co_await looking);
  ex.start(200, {{"content-type", "application/json"}, {"cache-control", "no-store"}});
  co_await ex.finish(letter_json(id, state));
}

}  // namespace

csgi::task<> async_mailer::startup(csgi::server_context& server) {
  office_.open(server);
  co_return;
}

csgi::task<> async_mailer::answer(csgi::async_exchange ex, post_office& office) {
  const auto id = letter_asked_for(ex.head());
  if (id.empty()) co_await take_in(ex, office);
  else co_await tell_state(ex, office, id);
}
