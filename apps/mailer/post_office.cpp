#include "post_office.hpp"
#include "back_off.hpp"
#include <csgi/background.hpp>
#include <csgi/http_error.hpp>
#include <csgi/scope.hpp>

namespace {

constexpr std::size_t left_at_a_time = 16;      // so that new letters find room in the background, too
constexpr back_off pauses;

[[noreturn]] void refuse(const char* why) { throw csgi::http_error(503, why).with("retry-after", "2"); }

}  // namespace

post_office::post_office(const settings& given, std::unique_ptr<carrier> by)
    : spool_(given.spool, given.most), carrier_(std::move(by)) {}

void post_office::open(csgi::server_context& server) {
  server_ = &server;
  draining_ = false;
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
  for (unsigned attempt = 1;; ++attempt) {
    const bool over = co_await try_to_send(self, which, attempt);
    if (over) co_return;
    const bool again = co_await pause(self, attempt);
    if (!again) co_return;
  }
}

// All are tried before any is tried again: one that cannot be sent keeps no other one waiting.
csgi::task<> post_office::send_left(post_office& self) {
  auto listing = csgi::to_thread([&] { return self.spool_.waiting(); });
  auto ids = co_await listing;
  for (unsigned attempt = 1;; ++attempt) {
    std::vector<std::string> failed;
    auto all = csgi::scoped(csgi::at_most(left_at_a_time), [&](csgi::bounded_scope& scope) -> csgi::task<> {
      for (const auto& id : ids) co_await scope.spawn(send_left_one(self, id, attempt, failed));
    });
    co_await std::move(all);
    if (failed.empty()) co_return;
    const bool again = co_await pause(self, attempt);
    if (!again) co_return;
    ids = std::move(failed);
  }
}

csgi::task<> post_office::send_left_one(post_office& self, std::string id, unsigned attempt, std::vector<std::string>& failed) {
  try {
    auto claiming = csgi::to_thread([&] { return self.spool_.claim(id); });
    const auto mine = co_await claiming;
    if (!mine) co_return;
    const bool over = co_await try_to_send(self, *mine, attempt);
    if (!over) failed.push_back(id);
  } catch (const csgi::cancelled&) {
    throw;
  } catch (const std::exception& e) {
    self.server_->log(csgi::log_level::error, "letter " + id + " was not sent: " + e.what());
  }
}

/// False where it could not be delivered. What fails behind that is no reason to deliver it again.
csgi::task<bool> post_office::try_to_send(post_office& self, const spooled_letter& which, unsigned attempt) {
  try {
    co_await self.carrier_->deliver(which.content());
  } catch (const csgi::cancelled&) {
    throw;
  } catch (const std::exception& e) {
    self.tell(which.id(), attempt, e.what());
    co_return false;
  }
  auto noting = csgi::to_thread([&] { self.spool_.mark_sent(which); });
  co_await noting;
  co_return true;
}

/// Whether there is to be another attempt. A server that drains does not wait for the end of the pause.
csgi::task<bool> post_office::pause(post_office& self, unsigned attempt) {
  constexpr std::chrono::seconds between_looks(1);
  if (!self.tries_again(attempt)) co_return false;
  for (auto rest = pauses.behind(attempt); rest.count() > 0 && !self.draining_; rest -= between_looks)
    co_await csgi::sleep_for(std::min(rest, between_looks));
  co_return !self.draining_;
}

bool post_office::tries_again(unsigned attempt) const noexcept { return attempt < pauses.attempts && !draining_; }

void post_office::tell(const std::string& id, unsigned attempt, const char* why) {
  const bool again = tries_again(attempt);
  std::string text = "letter " + id + " was not sent";
  if (again) text += ", and is tried again in " + std::to_string(pauses.behind(attempt).count()) + " s";
  server_->log(again ? csgi::log_level::warning : csgi::log_level::error, text + ": " + why);
}
