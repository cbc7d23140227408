#include "mailer_blocking.hpp"
#include "answers.hpp"

void blocking_mailer::http(csgi::blocking_exchange ex) {
  const auto id = letter_asked_for(ex.head());
  if (id.empty()) take_in(ex);
  else tell_state(ex, id);
}

void blocking_mailer::take_in(csgi::blocking_exchange ex) {
  const auto id = office_.take_in(read_letter(ex.head(), ex.read_all(letter_request_limit)));
  const auto location = letter_location(ex.head(), id);
  ex.start(202, {{"content-type", "application/json"}, {"location", location}});
  ex.finish(letter_json(id, letter_state::waiting));
}

void blocking_mailer::tell_state(csgi::blocking_exchange ex, std::string_view id) const {
  const auto state = required(office_.state_of(id));
  ex.start(200, {{"content-type", "application/json"}, {"cache-control", "no-store"}});
  ex.finish(letter_json(id, state));
}
