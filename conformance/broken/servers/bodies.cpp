// bodies.cpp - servers that lose, make up or mistake bytes of a request's body, or what goes before them.
#include "views.hpp"
#include "wire_faults.hpp"

namespace csgi::conformance {

namespace {

class lossy_reads final : public outcome_view {
  using outcome_view::outcome_view;
  void read_ended(read_op& op) noexcept override {
    if (op.chunk.size() > 1'000) op.chunk.remove_suffix(1);
  }
};

/// The end is told once.
class one_end final : public outcome_view {
  using outcome_view::outcome_view;
  void read_ended(read_op& op) noexcept override {
    if (!op.error && op.chunk.empty() && std::exchange(ended_, true))
      op.error = std::make_error_code(std::errc::operation_not_permitted);
  }
  bool ended_ = false;
};

/// Says now and then that there is nothing.
class empty_reads final : public forwarding_exchange {
 public:
  using forwarding_exchange::forwarding_exchange;
  begun begin_read(read_op& op) noexcept override {
    if (head().content_length < 100'000 || ++times_ % 2 != 0) return next().begin_read(op);
    op.error = {};
    op.chunk = {};
    return begun::completed;
  }

 private:
  int times_ = 0;
};

/// Fails once.
class forgetful_reads final : public outcome_view {
  using outcome_view::outcome_view;
  void read_ended(read_op& op) noexcept override {
    if (op.error == std::errc::bad_message && std::exchange(failed_, true)) op.error = {};
  }
  bool failed_ = false;
};

/// Of a blocking app, so that every read completes at once.
class whole_bodies final : public forwarding_exchange {
 public:
  using forwarding_exchange::forwarding_exchange;
  begun begin_read(read_op& op) noexcept override {
    body_.clear();
    read_op one;
    for (next().begin_read(one); !one.error && !one.chunk.empty(); next().begin_read(one)) body_ += one.chunk;
    op.error = one.error;
    op.chunk = body_;
    return begun::completed;
  }

 private:
  std::string body_;
};

/// Where a body is malformed it is taken to have ended.
template <body_kind Kind>
class early_ends final : public outcome_view {
  using outcome_view::outcome_view;
  void read_ended(read_op& op) noexcept override {
    if (head().body == Kind && op.error == std::errc::bad_message) op.error = {};
  }
};

class unlimited_bodies final : public outcome_view {
  using outcome_view::outcome_view;
  void read_ended(read_op& op) noexcept override {
    if (op.error == std::errc::message_size) op.error = {};
  }
};

struct blames_itself {
  task<> operator()(async_exchange ex, next_app app) const {
    bool malformed = false;
    try {
      co_await app(ex);
    } catch (const malformed_body&) {
      malformed = true;
    }
    if (malformed) co_await ex.respond(500, "text/plain", "sorry\n");
  }
};

class goes_on_behind_bad_chunks final : public wire_fault {
  void from_client(std::string& bytes) override { coded_ = coded_ || has(bytes, "Transfer-Encoding: chunked\r\n\r\n"); }
  void from_server(std::string& bytes) override { refused_ = has(bytes, "HTTP/1.1 400 "); }
  void server_ended(std::string& to_client) override {
    if (coded_ && refused_) to_client += "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nHello\n";
  }
  bool coded_ = false, refused_ = false;
};

class swallows_extensions final : public wire_fault {
  void from_client(std::string& bytes) override {
    const auto at = bytes.find(";xxxxxx");
    if (swallows_ || at != std::string::npos) bytes.erase(swallows_ ? 0 : at);
    swallows_ = swallows_ || at != std::string::npos;
  }
  bool swallows_ = false;
};

void heed_trailers(std::string& bytes) {
  if (has(bytes, "X-Trailer: t\r\n") && has(bytes, "\r\nConnection: close\r\n")) add_line(bytes, "Connection: close");
}

/// Knows which body the app will not read, and takes what it is for requests.
void forget_unread_bodies(std::string& bytes) {
  const auto at = bytes.find("Content-Length: ");
  if (has(bytes, "/ignore-body ") && at != std::string::npos) bytes.replace(at, bytes.find("\r\n", at) - at, "Content-Length: 0");
}

constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

class says_go_on_at_once final : public wire_fault {
  void from_client(std::string& bytes) override {
    if (has(bytes, "Expect: 100-continue\r\n")) answer = go_on;
  }
  void from_server(std::string& bytes) override { replace_first(bytes, go_on, ""); }
};

class hides_the_end_of_who_waited final : public wire_fault {
  void from_client(std::string& bytes) override { expects_ = expects_ || has(bytes, "Expect: 100-continue\r\n"); }
  void from_server(std::string& bytes) override {
    if (expects_) remove_lines(bytes, "Connection: close");
  }
  bool expects_ = false;
};

}  // namespace

broken_servers with_broken_bodies() {
  return {
      {"loses_the_last_byte", {"CSGI-HTTP-036"}, seen_as<lossy_reads>(), {"CSGI-HTTP-037"}},
      {"ends_once", {"CSGI-HTTP-037"}, seen_as<one_end>()},
      {"gives_nothing_at_times", {"CSGI-HTTP-037"},
       seen_as<empty_reads>(), {"CSGI-HTTP-036", "CSGI-HTTP-101", "CSGI-HTTP-048", "CSGI-CORE-003"}},
      {"forgets_that_a_read_failed", {"CSGI-HTTP-041"}, seen_as<forgetful_reads>(), {"CSGI-HTTP-040"}},
      {.name = "waits_for_the_whole_body", .breaks = {"CSGI-HTTP-038"},
       .make = seen_as<whole_bodies>(), .besides = {"CSGI-HTTP-046"}, .blocking = true},
      {"takes_the_clients_end_for_the_bodys", {"CSGI-HTTP-040"}, seen_as<early_ends<body_kind::known>>()},
      {"takes_bad_chunks_for_the_end", {"CSGI-HTTP-041"},
       seen_as<early_ends<body_kind::unknown>>(), {"CSGI-HTTP-040", "CSGI-HTTP-042", "CSGI-HTTP-044"}},
      {"blames_itself_for_bad_bodies", {"CSGI-HTTP-042"}, behind(blames_itself()), {"CSGI-HTTP-040", "CSGI-HTTP-041"}},
      {"goes_on_behind_bad_chunks", {"CSGI-HTTP-043"}, relayed<goes_on_behind_bad_chunks>(), {"CSGI-HTTP-033", "CSGI-HTTP-044"}},
      {"swallows_extensions_without_end", {"CSGI-HTTP-044"}, relayed<swallows_extensions>()},
      {"takes_trailers_for_fields", {"CSGI-HTTP-045"}, takes(heed_trailers)},
      {.name = "collects_what_comes", .breaks = {"CSGI-HTTP-047", "CSGI-HTTP-105"},
       .make = relayed({.collects_requests = true}), .judged = broken_server::reach::narrow},
      {"takes_unread_bodies_for_requests", {"CSGI-HTTP-048"}, takes(forget_unread_bodies)},
      {"never_says_go_on", {"CSGI-HTTP-051"}, sends([](std::string& bytes) { replace_first(bytes, go_on, ""); })},
      {"says_go_on_twice", {"CSGI-HTTP-051"}, sends([](std::string& bytes) {
         if (bytes.starts_with(go_on)) bytes.insert(0, go_on);
       })},
      {"says_go_on_at_once", {"CSGI-HTTP-052"},
       relayed<says_go_on_at_once>(), {"CSGI-HTTP-051", "CSGI-HTTP-053", "CSGI-HTTP-054"}},
      {"hides_the_end_of_who_waited", {"CSGI-HTTP-054"}, relayed<hides_the_end_of_who_waited>()},
      {"has_no_limit_for_chunked_bodies", {"CSGI-HTTP-118"}, seen_as<unlimited_bodies>()},
  };
}

}  // namespace csgi::conformance
