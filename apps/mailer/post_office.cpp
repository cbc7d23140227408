#include "post_office.hpp"
#include <csgi/background.hpp>
#include <csgi/http_error.hpp>
#include <csgi/scope.hpp>

namespace {

constexpr std::size_t left_at_a_time = 16;      // so that new letters find room in the background, too

[[noreturn]] void refuse(const char* why) { throw csgi::http_error(503, why).with("retry-after", "2"); }

}  // namespace

post_office::post_office(const settings& given, std::unique_ptr<carrier> by)
    : spool_(given.spool, given.most), carrier_(std::move(by)) {}

void post_office::open(csgi::server_context& server) {
  server_ = &server;
  csgi::in_background(server, [this] { return send_left(*this); });
}

std::string post_office::take_in(const letter& l) {
  auto kept = spool_.add(l);
  if (!kept) refuse("Too many letters wait to be sent.\n");
  const std::string id = kept->id();
  try {
    csgi::in_background(*server_, [this, mine = std::move(*kept)] { return send(*this, mine); });
  } catch (const csgi::cancelled&) {      // the server is stopping: who comes next sends it
  } catch (const csgi::overloaded&) {
    spool_.discard(id);
    refuse("Too many letters are being sent.\n");
  } catch (...) {
    spool_.discard(id);
    throw;
  }
  return id;
}

csgi::task<> post_office::send(post_office& self, const spooled_letter& which) {
  co_await self.carrier_->deliver(which.content());
  auto noting = csgi::to_thread([&] { self.spool_.mark_sent(which); });
  co_await noting;
}

csgi::task<> post_office::send_left(post_office& self) {
  auto listing = csgi::to_thread([&] { return self.spool_.waiting(); });
  const auto ids = co_await listing;
  auto all = csgi::scoped(csgi::at_most(left_at_a_time), [&](csgi::bounded_scope& scope) -> csgi::task<> {
    for (const auto& id : ids) co_await scope.spawn(send_left_one(self, id));
  });
  co_await std::move(all);
}

// One that cannot be sent keeps no other one waiting.
csgi::task<> post_office::send_left_one(post_office& self, std::string id) {
  try {
    auto claiming = csgi::to_thread([&] { return self.spool_.claim(id); });
    const auto mine = co_await claiming;
    if (mine) co_await send(self, *mine);
  } catch (const csgi::cancelled&) {
    throw;
  } catch (const std::exception& e) {
    self.server_->log(csgi::log_level::error, "letter " + id + " was not sent: " + e.what());
  }
}
