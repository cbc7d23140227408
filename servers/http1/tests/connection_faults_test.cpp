#include "connection_apps.hpp"
#include <doctest/doctest.h>

using namespace csgi;
using namespace csgi::http1;
using namespace std::chrono_literals;

namespace {

/// One conversation: an upload that is read and answered as a stream, then a plain request on the same connection.
struct conversation {
  connection_host host;
  std::vector<int> order;
  remembering_hook first{order, 1}, second{order, 2};
  std::string upload;
  std::vector<std::error_code> failures;
  int apps_ended = 0;

  explicit conversation(driven how) : host(how) {
    host.shared.log_access = true;
    host.app = [this](async_exchange ex) {
      const bool uploads = ex.head().method == "POST";
      ex.find<finish_hooks>()->add(uploads ? first : second);
      return answer(ex, *this, uploads);
    };
    const std::string request = post(body(), "Expect: 100-continue\r\n");
    const auto head = request.size() - body().size();
    host.peer.sends(request.substr(0, 20));
    host.peer.sends(request.substr(20, head - 20));
    for (std::size_t at = head; at < request.size(); at += 30'000) host.peer.sends(request.substr(at, 30'000));
    host.peer.room = 50'000;
    for (int i = 0; i < 6; ++i) host.peer.takes(40'000);
    host.peer.takes(scripted_transport::endless / 2);
    host.peer.sends(get);
    host.peer.closes();
  }

  static const std::string& body() {
    static const std::string bytes(100'000, 'b');
    return bytes;
  }

  static std::vector<std::string> parts() {
    return {"small", std::string(70'000, 'x'), "y", std::string(100'000, 'z')};
  }

  static task<> answer(async_exchange ex, conversation& self, bool uploads) {
    std::exception_ptr failure;
    try {
      if (uploads) {
        co_await read_to_end(ex, self.upload);
        co_await stream(ex, parts());
      } else {
        co_await answer_ok(ex);
      }
    } catch (const std::system_error& e) {
      self.failures.push_back(e.code());
      failure = std::current_exception();
    }
    ++self.apps_ended;
    if (failure) std::rethrow_exception(failure);
  }

  /// Plays it to the end; whatever a fault leaves waiting runs into its deadline.
  void play() {
    host.run();
    for (int i = 0; i < 5 && !host.closed; ++i) host.pass(61s);
  }
};

bool is_expected(std::error_code why) {
  return why == std::errc::connection_reset || why == std::errc::bad_message || why == std::errc::timed_out ||
         why == std::errc::operation_canceled;
}

}  // namespace

TEST_SUITE("connection: faults") {
TEST_CASE("whichever call of the transport fails, in whichever way, every operation ends, hooks run once and nothing is confused") {
  for (const driven how : both_ways) {
    conversation whole(how);
    whole.play();
    REQUIRE(whole.host.closed);
    REQUIRE(whole.failures.empty());
    const std::string expected = plain(whole.host.peer.got);
    REQUIRE(expected.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK"));
    REQUIRE(expected.ends_with(ok));
    REQUIRE(whole.upload == conversation::body());

    for (const fault as : {fault::would_block, fault::short_by_one, fault::closed, fault::failed}) {
      bool reached = true;
      for (std::size_t k = 1; reached; ++k) {
        conversation c(how);
        c.host.peer.fault_at = k;
        c.host.peer.fails_as = as;
        c.play();
        reached = c.host.peer.faulted;
        const std::string wire = plain(c.host.peer.got);
        const bool harmless = as == fault::would_block || as == fault::short_by_one;
        INFO(to_string(how), " call ", k, " fault ", static_cast<int>(as));
        REQUIRE(c.host.closed);
        REQUIRE_FALSE(c.host.conn.in_app());
        REQUIRE(c.host.idle());
        REQUIRE(c.apps_ended == c.host.apps_run);
        REQUIRE(c.first.times + c.second.times == c.host.apps_run);
        REQUIRE(c.first.times <= 1);
        REQUIRE(c.second.times <= 1);
        REQUIRE(conversation::body().starts_with(c.upload));
        if (harmless) {
          REQUIRE(c.failures.empty());
          REQUIRE(wire == expected);
        }
        for (const auto why : c.failures) REQUIRE(is_expected(why));
        for (const auto& line : c.host.observer.lines) REQUIRE(line.find("fault") == std::string::npos);
        // What arrived is the beginning of what should have, unless the server said why it is not.
        const bool refusal = wire.find("HTTP/1.1 4") != std::string::npos;
        REQUIRE((refusal || expected.starts_with(wire)));
        if (c.first.times == 1 && !c.first.how.aborted && !refusal)
          REQUIRE(wire.find("\r\n0\r\n\r\n") != std::string::npos);
      }
    }
  }
}

TEST_CASE("whichever operation is under way when the server gives up, everything ends") {
  for (std::size_t events = 0; events < 40; ++events) {
    conversation c(driven::pending);
    std::size_t left = events;
    c.host.stops_when = [&] { return left-- == 0; };
    c.host.run();
    c.host.stops_when = nullptr;
    c.host.cancel_all();
    for (int i = 0; i < 5 && !c.host.closed; ++i) c.host.pass(61s);
    INFO("after ", events, " events");
    REQUIRE(c.host.closed);
    REQUIRE(c.host.idle());
    REQUIRE(c.apps_ended == c.host.apps_run);
    REQUIRE(c.first.times + c.second.times == c.host.apps_run);
    REQUIRE(c.host.observer.lines.empty());
  }
}

TEST_CASE("whichever operation is under way when the server drains, the response at hand is whole") {
  for (std::size_t events = 0; events < 40; ++events) {
    conversation c(driven::pending);
    std::size_t left = events;
    c.host.stops_when = [&] { return left-- == 0; };
    c.host.run();
    c.host.stops_when = nullptr;
    c.host.drain();
    for (int i = 0; i < 5 && !c.host.closed; ++i) c.host.pass(61s);
    INFO("after ", events, " events");
    REQUIRE(c.host.closed);
    REQUIRE(c.failures.empty());
    REQUIRE(c.first.times + c.second.times == c.host.apps_run);
    if (c.host.apps_run > 0) REQUIRE_FALSE(c.first.how.aborted);
  }
}
}
