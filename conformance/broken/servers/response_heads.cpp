// response_heads.cpp - servers that take heads which cannot be sent, or send other ones than they are given.
#include "views.hpp"
#include "wire_faults.hpp"
#include <algorithm>

namespace csgi::conformance {

namespace {

bool is_of_the_connection(std::string_view name) {
  constexpr std::string_view own[] = {"connection", "keep-alive", "proxy-connection", "te",
                                      "trailer",    "transfer-encoding", "upgrade"};
  return std::ranges::any_of(own, [name](std::string_view each) { return same_name(each, name); });
}

bool any_field(const response_head& head, bool (*is)(std::string_view)) {
  return std::ranges::any_of(head.fields, [is](const field& f) { return is(f.name); });
}

// For what a head can be refused.
bool for_its_status(const response_head& head) { return head.status < 200 || head.status > 599; }
bool for_the_connection(const response_head& head) { return any_field(head, is_of_the_connection); }
bool for_its_length(const response_head& head) {
  return any_field(head, [](std::string_view name) { return same_name(name, "content-length"); });
}
bool for_its_syntax(const response_head& head) {
  return !for_its_status(head) && !for_the_connection(head) && !for_its_length(head);
}

/// Says that it took a head that it did not, if that was for the reason given.
class careless_starts final : public forwarding_exchange {
 public:
  careless_starts(exchange& outer, bool (*refused)(const response_head&)) : forwarding_exchange(outer), refused_(refused) {}
  std::error_code start(const response_head& head) noexcept override {
    const auto error = next().start(head);
    return error == std::errc::invalid_argument && refused_(head) ? std::error_code() : error;
  }

 private:
  bool (*refused_)(const response_head&);
};

/// Looks at a head when it is sent. The app that shows it keeps what it gave, changed.
class late_heads final : public forwarding_exchange {
 public:
  using forwarding_exchange::forwarding_exchange;
  std::error_code start(const response_head& head) noexcept override {
    if (this->head().tail() == "/passing-head") given_ = head;
    return next().start(head);
  }
  begun begin_write(write_op& op) noexcept override {
    if (given_) next().start(*std::exchange(given_, std::nullopt));
    return next().begin_write(op);
  }

 private:
  std::optional<response_head> given_;
};

/// Of a blocking app, so that the write completes at once.
class early_heads final : public forwarding_exchange {
 public:
  using forwarding_exchange::forwarding_exchange;
  std::error_code start(const response_head& head) noexcept override {
    const auto error = next().start(head);
    write_op op;
    op.then = ending::flush;
    if (!error) next().begin_write(op);
    return error;
  }
};

class late_starts final : public forwarding_exchange {
 public:
  using forwarding_exchange::forwarding_exchange;
  std::error_code start(const response_head& head) noexcept override {
    return phase() == csgi::phase::committed ? std::error_code() : next().start(head);
  }
};

class writes_before_heads final : public forwarding_exchange {
 public:
  using forwarding_exchange::forwarding_exchange;
  begun begin_write(write_op& op) noexcept override {
    if (phase() != csgi::phase::open) return next().begin_write(op);
    op.error = {};
    return begun::completed;
  }
};

class empty_writes_sent final : public forwarding_exchange {
 public:
  using forwarding_exchange::forwarding_exchange;
  begun begin_write(write_op& op) noexcept override {
    if (op.data.empty() && op.then == ending::more) op.then = ending::flush;
    return next().begin_write(op);
  }
};

class flushes_forgotten final : public forwarding_exchange {
 public:
  using forwarding_exchange::forwarding_exchange;
  begun begin_write(write_op& op) noexcept override {
    if (op.data.empty() && op.then == ending::flush) op.then = ending::more;
    return next().begin_write(op);
  }
};

void sort_fields(altered_head& head) {
  std::ranges::stable_sort(head.list, {}, &field::name);
}

}  // namespace

broken_servers with_broken_response_heads() {
  return {
      {"takes_any_status", {"CSGI-HTTP-056"}, seen_as<careless_starts>(for_its_status)},
      {"takes_line_ends_in_heads", {"CSGI-HTTP-057"}, seen_as<careless_starts>(for_its_syntax)},
      {"takes_fields_of_the_connection", {"CSGI-HTTP-058"}, seen_as<careless_starts>(for_the_connection)},
      {"takes_any_length", {"CSGI-HTTP-059"}, seen_as<careless_starts>(for_its_length)},
      {"keeps_views_of_a_head", {"CSGI-HTTP-060"}, seen_as<late_heads>()},
      {.name = "sends_heads_at_once", .breaks = {"CSGI-HTTP-061"},
       .make = seen_as<early_heads>(), .judged = broken_server::reach::narrow, .blocking = true},
      {"takes_heads_too_late", {"CSGI-HTTP-062"}, seen_as<late_starts>()},
      {"takes_writes_before_a_head", {"CSGI-HTTP-063"}, seen_as<writes_before_heads>()},
      {"sends_empty_writes", {"CSGI-HTTP-066"}, seen_as<empty_writes_sent>(), {"CSGI-HTTP-061"}},
      {"forgets_flushes", {"CSGI-HTTP-067"}, seen_as<flushes_forgotten>(), {"CSGI-CORE-046"}},
      {"sorts_fields", {"CSGI-HTTP-068"}, starts(sort_fields), {"CSGI-HTTP-085"}},
      {"has_no_phrase", {"CSGI-HTTP-069"},
       sends([](std::string& bytes) { replace_first(bytes, "HTTP/1.1 404 Not Found", "HTTP/1.1 404 "); })},
      {"has_no_date", {"CSGI-HTTP-070"}, sends([](std::string& bytes) {
         if (bytes.starts_with("HTTP/1.1 2")) remove_lines(bytes, "Date:");
       })},
      {"guesses_types", {"CSGI-HTTP-071"}, starts([](altered_head& head) {
         if (!find_field(head.list, "content-type")) head.list.push_back({"Content-Type", "application/octet-stream"});
       }), {"CSGI-HTTP-072"}},
      {"praises_itself", {"CSGI-HTTP-072"}, starts([](altered_head& head) { head.list.push_back({"X-Powered-By", "CSGI"}); })},
  };
}

}  // namespace csgi::conformance
