// websockets.cpp - servers that open, frame, close or end WebSockets wrongly, and other streams of bytes.
#include "views.hpp"
#include "wire_faults.hpp"
#include <csgi/upgrade.hpp>
#include <csgi/websocket.hpp>

namespace csgi::conformance {

namespace {

constexpr auto narrow = broken_server::reach::narrow;

// --- in calls -------------------------------------------------------------------------------------------------------

/// A conversation that hands everything on.
class forwarding_socket : public websocket {
 public:
  explicit forwarding_socket(websocket& next) noexcept : next_(next) {}
  begun begin_accept(accept_op& op) noexcept override { return next_.begin_accept(op); }
  begun begin_receive(receive_op& op) noexcept override { return next_.begin_receive(op); }
  begun begin_send(send_op& op) noexcept override { return next_.begin_send(op); }
  begun begin_close(close_op& op) noexcept override { return next_.begin_close(op); }
  websocket_end end() const noexcept override { return next_.end(); }
  bool accepted() const noexcept override { return next_.accepted(); }

 protected:
  ~forwarding_socket() = default;
  websocket& next() const noexcept { return next_; }

 private:
  websocket& next_;
};

/// An exchange whose conversation is another one.
template <class Socket>
class socket_view final : public forwarding_exchange {
 public:
  using forwarding_exchange::forwarding_exchange;
  void* find(const extension_id& id) noexcept override {
    if (id != websocket::id) return next().find(id);
    auto* const outer = static_cast<websocket*>(next().find(id));
    if (outer && !socket_) socket_.emplace(*outer);
    return outer ? static_cast<websocket*>(&*socket_) : nullptr;
  }

 private:
  std::optional<Socket> socket_;
};

template <class Socket>
faulty_server with_socket() { return seen_as<socket_view<Socket>>(); }

/// Has an extension only where it is asked what there is.
template <class Extension>
class boasts final : public forwarding_exchange {
 public:
  using forwarding_exchange::forwarding_exchange;
  void* find(const extension_id& id) noexcept override {
    return id == Extension::id && head().tail() != "/capabilities" ? nullptr : next().find(id);
  }
};

struct accepts_something final : forwarding_socket {
  using forwarding_socket::forwarding_socket;
  begun begin_accept(accept_op& op) noexcept override {
    const begun how = next().begin_accept(op);
    if (op.error != std::errc::invalid_argument) return how;
    op.subprotocol = {};
    op.fields = {};
    return next().begin_accept(op);
  }
};

template <std::errc Hidden>
struct sends_in_vain final : forwarding_socket {
  using forwarding_socket::forwarding_socket;
  begun begin_send(send_op& op) noexcept override {
    const begun how = next().begin_send(op);
    if (op.error == Hidden) op.error = {};
    return how;
  }
};

template <bool Whole>
struct receives final : forwarding_socket {
  using forwarding_socket::forwarding_socket;
  begun begin_receive(receive_op& op) noexcept override {
    op.whole = Whole;
    return next().begin_receive(op);
  }
};

struct waits_for_ever final : forwarding_socket {
  using forwarding_socket::forwarding_socket;
  begun begin_receive(receive_op& op) noexcept override {
    op.limit = clock::duration::max();
    return next().begin_receive(op);
  }
};

struct takes_second_receives final : forwarding_socket {
  using forwarding_socket::forwarding_socket;
  begun begin_receive(receive_op& op) noexcept override {
    const begun how = next().begin_receive(op);
    if (op.error == std::errc::operation_in_progress) op.error = {};
    return how;
  }
};

/// Each message after the first cancelled receive is the one behind it.
class forgets_after_a_cancel final : public forwarding_socket {
 public:
  using forwarding_socket::forwarding_socket;
  begun begin_receive(receive_op& op) noexcept override {
    if (cancelled_) {
      lost_.done = [](operation&) noexcept {};
      if (next().begin_receive(lost_) == begun::pending) {
        wanted_ = &op;
        lost_.owner = this;
        lost_.done = [](operation& o) noexcept { static_cast<forgets_after_a_cancel*>(o.owner)->go_on(); };
        return begun::pending;
      }
    }
    const begun how = next().begin_receive(op);
    if (how == begun::pending) watch(op);
    return how;
  }

 private:
  void watch(receive_op& op) noexcept {
    server_ = std::exchange(op.server, this);
    stop_ = std::exchange(op.stop, [](operation& o) noexcept {
      auto& self = *static_cast<forgets_after_a_cancel*>(o.server);
      self.cancelled_ = true;
      o.server = self.server_;
      self.stop_(o);
    });
  }

  void go_on() noexcept {
    receive_op& op = *std::exchange(wanted_, nullptr);
    if (next().begin_receive(op) == begun::completed) op.done(op);
  }

  receive_op lost_;
  receive_op* wanted_ = nullptr;
  void* server_ = nullptr;
  void (*stop_)(operation&) noexcept = nullptr;
  bool cancelled_ = false;
};

struct sends_bad_text_as_binary final : forwarding_socket {
  using forwarding_socket::forwarding_socket;
  begun begin_send(send_op& op) noexcept override {
    const begun how = next().begin_send(op);
    if (op.error != std::errc::invalid_argument || op.kind == message_kind::binary) return how;
    op.kind = message_kind::binary;
    return next().begin_send(op);
  }
};

struct loses_reasons final : forwarding_socket {
  using forwarding_socket::forwarding_socket;
  begun begin_close(close_op& op) noexcept override {
    op.reason = {};
    return next().begin_close(op);
  }
};

struct closes_with_something final : forwarding_socket {
  using forwarding_socket::forwarding_socket;
  begun begin_close(close_op& op) noexcept override {
    const begun how = next().begin_close(op);
    if (op.error != std::errc::invalid_argument) return how;
    op.code = 1000;
    op.reason = {};
    return next().begin_close(op);
  }
};

/// Says each time that it is over.
class over_each_time final : public forwarding_socket {
 public:
  using forwarding_socket::forwarding_socket;
  begun begin_receive(receive_op& op) noexcept override {
    const begun how = next().begin_receive(op);
    if (how == begun::completed && op.error == std::errc::operation_not_permitted && next().accepted()) op.error = {};
    return how;
  }
};

struct tells_no_reasons final : forwarding_socket {
  using forwarding_socket::forwarding_socket;
  websocket_end end() const noexcept override { return {next().end().code, {}, next().end().clean}; }
};

/// Its phase is that of a response that can still be another one.
class never_committed final : public forwarding_exchange {
 public:
  using forwarding_exchange::forwarding_exchange;
  csgi::phase phase() const noexcept override {
    return next().phase() == csgi::phase::committed && next().head().field("sec-websocket-key") ? csgi::phase::started : next().phase();
  }
};

/// Forgets the request when it is answered.
class forgets_the_request final : public forwarding_exchange {
 public:
  using forwarding_exchange::forwarding_exchange;
  const request& head() const noexcept override {
    static const request nothing;
    return next().phase() < csgi::phase::committed ? next().head() : nothing;
  }
};

/// Says of each refusal that it is another.
class refuses_upgrades_otherwise final : public forwarding_exchange, private upgrade {
 public:
  using forwarding_exchange::forwarding_exchange;
  void* find(const extension_id& wanted) noexcept override {
    if (wanted != upgrade::id) return next().find(wanted);
    outer_ = static_cast<upgrade*>(next().find(wanted));
    return outer_ ? static_cast<upgrade*>(this) : nullptr;
  }

 private:
  begun begin_upgrade(upgrade_op& op) noexcept override {
    const begun how = outer_->begin_upgrade(op);
    if (op.error == std::errc::invalid_argument) op.error = std::make_error_code(std::errc::bad_message);
    return how;
  }
  bool upgraded() const noexcept override { return outer_->upgraded(); }
  upgrade* outer_ = nullptr;
};

// --- on the wire ----------------------------------------------------------------------------------------------------

constexpr unsigned char a_text = 0x81, a_binary = 0x82, a_close = 0x88, a_pong = 0x8A, compressed = 0x40;

bool begins_with(const std::string& bytes, unsigned char first) { return !bytes.empty() && static_cast<unsigned char>(bytes[0]) == first; }

/// Frames are small and come in pieces of their own here.
void drop_pong(std::string& bytes) {
  if (begins_with(bytes, a_pong) && bytes.size() >= 2) bytes.erase(0, 2 + static_cast<unsigned char>(bytes[1]));
}

/// Pings are heard by an app that receives.
class deaf_to_pings_of_the_busy final : public wire_fault {
  void from_client(std::string& bytes) override { busy_ = busy_ || has(bytes, "accept,await:go") || has(bytes, "accept,send-for-ever"); }
  void from_server(std::string& bytes) override {
    if (busy_) drop_pong(bytes);
  }
  bool busy_ = false;
};

/// What it sends leaves when the client says something.
class slow_to_send final : public wire_fault {
  void from_client(std::string&) override { answer = std::exchange(held_, {}); }
  void from_server(std::string& bytes) override {
    if (!has(bytes, "HTTP/1.1 ")) held_ += std::exchange(bytes, {});
    else if (const auto end = bytes.find("\r\n\r\n"); has(bytes, "HTTP/1.1 101 ")) held_ += bytes.substr(end + 4), bytes.erase(end + 4);
  }
  std::string held_;
};

void end_at_the_head(std::string& bytes, std::string_view where) {
  if (const auto end = bytes.find("\r\n\r\n"); end != bytes.npos && has(bytes, where)) bytes.erase(end + 4);
}

/// Hears a close of eight bytes when all else is heard.
void close_last(std::string& bytes) {
  constexpr std::size_t size = 8;
  if (begins_with(bytes, a_close) && bytes.size() > size) bytes = bytes.substr(size) + bytes.substr(0, size);
}

template <unsigned Was, unsigned Told>
void close_with_another(std::string& bytes) {
  const auto frame = [](unsigned code) { return std::string{'\x88', '\x02', static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)}; };
  replace(bytes, frame(Was), frame(Told));
}

}  // namespace

broken_servers with_broken_websockets() {
  return {
      {"offers_websockets_and_has_none", {"CSGI-WS-001"}, seen_as<boasts<websocket>>(), {}, narrow},
      {"demands_another_version", {"CSGI-WS-002"}, sends([](std::string& bytes) { replace(bytes, "Sec-WebSocket-Version: 13\r\n", "Sec-WebSocket-Version: 8\r\n"); }), {}, narrow},
      {"needs_no_key", {"CSGI-WS-003"}, takes([](std::string& bytes) {
         if (has(bytes, "\r\nUpgrade: websocket") && !has(bytes, "Sec-WebSocket-Key:")) add_line(bytes, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
       }), {}, narrow},
      {"opens_for_1_0", {"CSGI-WS-004"}, takes([](std::string& bytes) {
         if (has(bytes, "\r\nUpgrade: websocket")) replace_first(bytes, " HTTP/1.0\r\n", " HTTP/1.1\r\n");
       }), {}, narrow},
      {"loses_what_follows_a_handshake", {"CSGI-WS-005", "CSGI-WS-010"}, takes([](std::string& bytes) { end_at_the_head(bytes, "\r\nUpgrade: websocket"); }), {}, narrow},
      {"proves_another_key", {"CSGI-WS-006"}, sends([](std::string& bytes) { replace(bytes, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo"); }), {}, narrow},
      {"accepts_what_may_not_be_sent", {"CSGI-WS-007"}, with_socket<accepts_something>(), {}, narrow},
      {"sends_before_it_accepts", {"CSGI-WS-008"}, with_socket<sends_in_vain<std::errc::operation_not_permitted>>(), {}, narrow},
      {"never_commits_a_conversation", {"CSGI-WS-009"}, seen_as<never_committed>(), {}, narrow},
      {"upgrades_to_nothing", {"CSGI-WS-011"}, sends([](std::string& bytes) {
         if (has(bytes, "HTTP/1.1 426 ") && !has(bytes, "Sec-WebSocket-Version")) remove_lines(bytes, "Upgrade: ");
       }), {}, narrow},
      {"takes_fragments_for_messages", {"CSGI-WS-012"}, with_socket<receives<false>>(), {}, narrow},
      {"gives_no_parts", {"CSGI-WS-013"}, with_socket<receives<true>>(), {}, narrow},
      {"has_no_limit_for_messages", {"CSGI-WS-014"}, with([](server_options& o) { o.limits.websocket_message = 1u << 30; }), {}, narrow},
      {"answers_no_ping", {"CSGI-WS-015"}, sends(drop_pong), {}, narrow},
      {"overlooks_reserved_bits", {"CSGI-WS-016"}, takes([](std::string& bytes) {
         if (!bytes.empty() && (bytes[0] & 0x80) != 0) bytes[0] = static_cast<char>(bytes[0] & 0x8F);
       }), {}, narrow},
      {"calls_bad_text_a_broken_rule", {"CSGI-WS-017"}, sends(close_with_another<1007, 1002>), {}, narrow},
      {"takes_without_bound", {"CSGI-WS-018"}, relayed({.collects_requests = true}), {}, narrow},
      {"is_deaf_while_the_app_sends", {"CSGI-WS-019"}, relayed<deaf_to_pings_of_the_busy>(), {}, narrow},
      {"forgets_after_a_cancel", {"CSGI-WS-020"}, with_socket<forgets_after_a_cancel>(), {}, narrow},
      {"sends_texts_as_bytes", {"CSGI-WS-021"}, sends([](std::string& bytes) {
         if (begins_with(bytes, a_text)) bytes[0] = static_cast<char>(a_binary);
       }), {}, narrow},
      {"sends_bad_text_as_binary", {"CSGI-WS-022"}, with_socket<sends_bad_text_as_binary>(), {}, narrow},
      {"sends_without_bound", {"CSGI-WS-023"}, relayed({.collects_responses = true}), {}, narrow},
      {"takes_second_receives", {"CSGI-WS-024"}, with_socket<takes_second_receives>(), {}, narrow},
      {"is_slow_to_send", {"CSGI-WS-025"}, relayed<slow_to_send>(), {}, narrow},
      {"loses_reasons", {"CSGI-WS-026"}, with_socket<loses_reasons>(), {}, narrow},
      {"closes_with_something", {"CSGI-WS-027"}, with_socket<closes_with_something>(), {}, narrow},
      {"answers_closes_with_another_code", {"CSGI-WS-028"}, sends(close_with_another<1001, 1000>), {}, narrow},
      {"is_over_each_time", {"CSGI-WS-029"}, with_socket<over_each_time>(), {}, narrow},
      {"tells_no_reasons", {"CSGI-WS-030"}, with_socket<tells_no_reasons>(), {}, narrow},
      {"sends_behind_the_close", {"CSGI-WS-031"}, with_socket<sends_in_vain<std::errc::connection_reset>>(), {}, narrow},
      {"calls_failures_normal", {"CSGI-WS-032"}, sends(close_with_another<1011, 1000>), {}, narrow},
      {"hears_what_follows_a_close", {"CSGI-WS-033"}, takes(close_last), {}, narrow},
      {"pings_nobody", {"CSGI-WS-035"}, with([](server_options& o) { o.deadlines.websocket_ping = {}; }), {}, narrow},
      {"goes_away_without_saying_so", {"CSGI-WS-036", "CSGI-WS-037"}, sends(close_with_another<1001, 1000>), {}, narrow},
      {"forgets_the_request", {"CSGI-WS-038"}, seen_as<forgets_the_request>(), {}, narrow},
      {"waits_for_ever", {"CSGI-WS-043"}, with_socket<waits_for_ever>(), {}, narrow, true},
      {"says_that_plain_texts_are_compressed", {"CSGI-WS-044"}, sends([](std::string& bytes) {
         replace(bytes, "\x81\x05Hello", "\xC1\x05Hello");      // it may come with the head
       }), {}, narrow},
      {"forgets_what_an_offer_demands", {"CSGI-WS-045"}, sends([](std::string& bytes) { replace(bytes, "; server_no_context_takeover", ""); }), {}, narrow},
      {"takes_compressed_bytes_as_they_are", {"CSGI-WS-046"}, takes([](std::string& bytes) {
         if (begins_with(bytes, a_text | compressed) || begins_with(bytes, a_binary | compressed)) bytes[0] = static_cast<char>(bytes[0] & ~compressed);
       }), {}, narrow},
      {"offers_upgrades_and_has_none", {"CSGI-EXT-045", "CSGI-HTTP-114"}, seen_as<boasts<upgrade>>(), {}, narrow},
      {"spells_protocols_its_own_way", {"CSGI-EXT-046"}, sends([](std::string& bytes) { replace(bytes, "Upgrade: Echo/9\r\n", "Upgrade: echo/9\r\n"); }), {}, narrow},
      {"refuses_upgrades_otherwise", {"CSGI-EXT-047"}, seen_as<refuses_upgrades_otherwise>(), {}, narrow},
      {"loses_what_follows_an_upgrade", {"CSGI-EXT-048"}, takes([](std::string& bytes) { end_at_the_head(bytes, "\r\nUpgrade: foo/1"); }), {}, narrow},
      {"ends_streams_that_break", {"CSGI-EXT-049"}, relayed({.server_resets_as_ends = true}), {}, narrow},
  };
}

}  // namespace csgi::conformance
