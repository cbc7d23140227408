// responses.cpp - servers that lose bytes of a response, or frame them wrongly.
#include "views.hpp"
#include "wire_faults.hpp"

namespace csgi::conformance {

namespace {

constexpr auto narrow = broken_server::reach::narrow;

/// A write is sent with the next, by when its bytes may be others. Of a blocking app, so that every write completes at once.
class views_kept final : public forwarding_exchange {
 public:
  using forwarding_exchange::forwarding_exchange;
  begun begin_write(write_op& op) noexcept override {
    if (!kept_.empty()) {
      write_op late;
      late.data = std::exchange(kept_, {});
      next().begin_write(late);
    }
    if (op.then != ending::more) return next().begin_write(op);
    kept_ = op.data;
    op.error = {};
    return begun::completed;
  }

 private:
  std::string_view kept_;
};

/// Small writes are collected, to be sent with the next.
class writes_collected final : public forwarding_exchange {
 public:
  using forwarding_exchange::forwarding_exchange;
  csgi::phase phase() const noexcept override {
    return collected_.empty() ? next().phase() : csgi::phase::committed;
  }
  begun begin_write(write_op& op) noexcept override {
    if (next().phase() >= csgi::phase::committed || op.data.empty() || op.then != ending::more || !collected_.empty()) {
      sent_ = std::exchange(collected_, {}).append(op.data);
      op.data = sent_;
      return next().begin_write(op);
    }
    collected_ = op.data;
    op.error = {};
    return begun::completed;
  }

 private:
  std::string collected_, sent_;
};

/// Of a blocking app, as above.
class finishes_twofold final : public forwarding_exchange {
 public:
  using forwarding_exchange::forwarding_exchange;
  begun begin_write(write_op& op) noexcept override {
    if (phase() != csgi::phase::started || op.then != ending::finish) return next().begin_write(op);
    write_op first;
    first.data = op.data;
    first.then = ending::flush;
    next().begin_write(first);
    op.data = {};
    return next().begin_write(op);
  }
};

/// Takes a failed write for one that succeeded.
template <std::errc Why>
class failed_writes final : public outcome_view {
  using outcome_view::outcome_view;
  void write_ended(write_op& op) noexcept override {
    if (op.error == Why) op.error = {};
  }
};

class bodies_for_head final : public wire_fault {
  void from_client(std::string& bytes) override { head_ = head_ || bytes.starts_with("HEAD "); }
  void from_server(std::string& bytes) override {
    if (std::exchange(head_, false)) replace_first(bytes, "\r\n\r\n", "\r\n\r\nbody");
  }
  bool head_ = false;
};

bool has_no_body(const altered_head& head) { return head.asked.method == "HEAD" || head.status == 204 || head.status == 304; }

void end_twice(std::string& bytes) {
  replace_first(bytes, "\r\n0\r\n\r\nHTTP/1.1", "\r\n0\r\n\r\n0\r\n\r\nHTTP/1.1");
  if (bytes.ends_with("\r\n0\r\n\r\n")) bytes += "0\r\n\r\n";
}

void spoil_a_byte(std::string& bytes) {
  if (bytes.size() > 20'000) bytes[bytes.size() / 2] ^= 0x20;
}

}  // namespace

broken_servers with_broken_responses() {
  return {
      {"spoils_a_byte", {"CSGI-HTTP-073"},
       sends(spoil_a_byte), {"CSGI-EXT-013", "CSGI-EXT-021", "CSGI-EXT-023", "CSGI-HTTP-108", "CSGI-CORE-028"}},  // large, too
      {.name = "keeps_views_of_writes", .breaks = {"CSGI-HTTP-074"},
       .make = seen_as<views_kept>(), .judged = narrow, .blocking = true},
      {"sends_a_write_with_the_next", {"CSGI-HTTP-075"}, seen_as<writes_collected>(), {"CSGI-HTTP-080", "CSGI-HTTP-093"}},
      {.name = "finishes_in_two_steps", .breaks = {"CSGI-HTTP-076"},
       .make = seen_as<finishes_twofold>(), .besides = {"CSGI-HTTP-073", "CSGI-HTTP-086"}, .blocking = true},
      {"ends_chunks_twice", {"CSGI-HTTP-077"}, sends(end_twice), {"CSGI-HTTP-102"}},
      {"answers_1_0_as_1_1", {"CSGI-HTTP-078"},
       takes([](std::string& bytes) { replace_first(bytes, " HTTP/1.0\r\n", " HTTP/1.1\r\nHost: probe\r\n"); }),
       {"CSGI-HTTP-111", "CSGI-HTTP-083", "CSGI-EXT-050", "CSGI-EXT-053"}},     // of all that 1.0 does not have
      {"drops_the_apps_length", {"CSGI-HTTP-079"}, starts([](altered_head& head) { head.remove("content-length"); }),
       {"CSGI-HTTP-080", "CSGI-HTTP-081", "CSGI-HTTP-084", "CSGI-HTTP-085", "CSGI-HTTP-088", "CSGI-HTTP-093",
        "CSGI-HTTP-108", "CSGI-HTTP-111", "CSGI-EXT-021"}},
      {"takes_bytes_beyond_the_length", {"CSGI-HTTP-080"}, seen_as<failed_writes<std::errc::message_size>>()},
      {"takes_a_short_body", {"CSGI-HTTP-081"}, seen_as<failed_writes<std::errc::bad_message>>()},
      {"sends_a_body_for_head", {"CSGI-HTTP-084"},
       relayed<bodies_for_head>(), {"CSGI-HTTP-085", "CSGI-HTTP-089", "CSGI-HTTP-108"}},
      {"drops_the_length_for_head", {"CSGI-HTTP-085"}, starts([](altered_head& head) {
         if (head.asked.method == "HEAD") head.remove("content-length");
       }), {"CSGI-HTTP-084", "CSGI-HTTP-108"}},
      {"gives_204_a_length", {"CSGI-HTTP-087"}, sends([](std::string& bytes) {
         if (bytes.starts_with("HTTP/1.1 204")) add_line(bytes, "Content-Length: 0");
       })},
      {"gives_304_a_length", {"CSGI-HTTP-088"}, sends([](std::string& bytes) {
         if (bytes.starts_with("HTTP/1.1 304")) add_line(bytes, "Content-Length: 0");
       })},
      {"ends_behind_what_has_no_body", {"CSGI-HTTP-089"}, starts([](altered_head& head) {
         if (has_no_body(head)) head.then = after_response::close;
       }), {"CSGI-HTTP-084", "CSGI-HTTP-085", "CSGI-HTTP-088", "CSGI-HTTP-108", "CSGI-HTTP-111", "CSGI-EXT-021"}},
      {.name = "collects_what_the_app_writes", .breaks = {"CSGI-HTTP-103"},
       .make = relayed({.collects_responses = true}), .judged = narrow},
  };
}

}  // namespace csgi::conformance
