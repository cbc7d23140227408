// limits.cpp - servers that forget their limits and deadlines, or say the wrong thing of them.
#include "views.hpp"
#include "wire_faults.hpp"

namespace csgi::conformance {

namespace {

using namespace std::chrono_literals;

/// A client has so long to take all of a response.
class hurried_view final : public forwarding_exchange {
 public:
  hurried_view(exchange& outer, std::chrono::milliseconds most) : forwarding_exchange(outer), until_(from_now(most)) {}
  begun begin_write(write_op& op) noexcept override {
    if (clock::now() > until_) next().abort(std::errc::timed_out);
    return next().begin_write(op);
  }

 private:
  clock::time_point until_;
};

std::unique_ptr<csgi::server> with_one_deadline_for_all(server_options options, sound_server sound) {
  return seen_as<hurried_view>(options.deadlines.write)(options, sound);
}

/// Takes a client that is late for an app that failed.
struct blames_the_app {
  task<> operator()(async_exchange ex, next_app app) const {
    bool late = false;
    try {
      co_await app(ex);
    } catch (const timed_out&) {
      late = !ex.committed();
      if (!late) throw;
    }
    if (late) throw std::runtime_error("late");
  }
};

}  // namespace

broken_servers with_broken_limits() {
  return {
      {"has_no_limit_for_lines", {"CSGI-HTTP-115"}, with([](server_options& o) { o.limits.request_line = 30'000; })},
      {"miscounts_lines_by_one", {"CSGI-HTTP-115"}, with([](server_options& o) { ++o.limits.request_line; })},
      {"has_no_limit_for_fields", {"CSGI-HTTP-116"}, with([](server_options& o) { o.limits.request_fields = 1'000; })},
      {"has_no_limit_for_heads", {"CSGI-HTTP-116"}, with([](server_options& o) { o.limits.request_head = 60'000; })},
      {"has_no_limit_for_bodies", {"CSGI-HTTP-117", "CSGI-HTTP-118"},
       with([](server_options& o) { o.limits.request_body = 1'000'000; })},
      {"waits_for_heads_for_ever", {"CSGI-HTTP-119"}, with([](server_options& o) { o.deadlines.head = 1h; })},
      {"keeps_idle_connections", {"CSGI-HTTP-120"}, with([](server_options& o) { o.deadlines.idle = 1h; })},
      {"waits_for_first_bytes_for_ever", {"CSGI-HTTP-140"}, with([](server_options& o) { o.deadlines.first_byte = 1h; })},
      {"waits_for_bodies_for_ever", {"CSGI-HTTP-121"}, with([](server_options& o) { o.deadlines.body = 1h; })},
      {"blames_the_app_for_late_bodies", {"CSGI-HTTP-122"}, behind(blames_the_app())},
      {"waits_for_takers_for_ever", {"CSGI-HTTP-123"}, with([](server_options& o) { o.deadlines.write = 1h; })},
      {"has_one_deadline_for_all_writes", {"CSGI-HTTP-123"}, with_one_deadline_for_all},
      {"lets_everybody_in", {"CSGI-HTTP-125"}, with([](server_options& o) {
         o.limits.connections = o.limits.connections_per_address = 0;
       })},
      {.name = "lets_all_wait_for_threads", .breaks = {"CSGI-HTTP-126"},
       .make = with([](server_options& o) { o.queue = 1'000; }), .besides = {"CSGI-HTTP-127"}, .blocking = true},
      {.name = "lets_wait_for_threads_for_ever", .breaks = {"CSGI-HTTP-141"},
       .make = with([](server_options& o) { o.deadlines.queue = {}; }), .blocking = true},
      {.name = "lets_uploads_hold_every_thread", .breaks = {"CSGI-HTTP-142"},
       .make = with([](server_options& o) { o.threads = 1; }), .blocking = true},
      {"hides_the_end_behind_refusals", {"CSGI-HTTP-129"}, sends([](std::string& bytes) {
         if (bytes.starts_with("HTTP/1.1 400 ")) remove_lines(bytes, "Connection: close");
       }), {"CSGI-HTTP-130", "CSGI-SERVER-017"}},
      {"has_no_date_for_answers_of_its_own", {"CSGI-HTTP-130"}, sends([](std::string& bytes) {
         if (bytes.starts_with("HTTP/1.1 5")) remove_lines(bytes, "Date:");
       }), {"CSGI-HTTP-126"}},
  };
}

}  // namespace csgi::conformance
