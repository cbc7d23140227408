// csgi/serving/response_framer.hpp - turns what an app says into the bytes of one HTTP/1 response.
#pragma once
#include <csgi/response_rules.hpp>
#include <string>

namespace csgi { inline namespace v1 {

/// One response's state and framing: Content-Length, chunks, or the connection's end; nothing for HEAD, 204 and 304.
///
/// Every call checks what exchange says must be checked, and changes nothing when it refuses. Where there is no body,
/// the app's bytes are not held against its Content-Length. That of a 204 is left out (RFC 9110, 8.6).
///
/// Threads:   one at a time.
/// Spec:      those of response_rules, CSGI-HTTP-066 to CSGI-HTTP-072, CSGI-HTTP-110
class response_framer {
 public:
  /// What surrounds some body bytes on the wire.
  struct frame {
    bool send_body = true;          ///< false: HEAD, 204, 304; the bytes are counted and dropped
    std::string_view suffix = {};   ///< to be sent after the body bytes; valid until the next reset
  };

  /// Begins another response. `server` is the Server field's value (empty: none) where the app gives none.
  ///
  /// `upgrades` is what a 426 tells to upgrade to (empty: nothing).
  ///
  /// Lifetime:  `server` and `upgrades` are borrowed until the next reset.
  void reset(request_facts facts, std::string_view server, std::string_view upgrades = {}) noexcept;

  /// exchange::start().
  std::error_code start(const response_head& head) noexcept;

  /// Accounts for a write of `size` body bytes followed by `then`, and appends what goes before them on the wire to
  /// `out`: the head if it is not committed yet, with `date` as its Date where the app gave none; a chunk's size line.
  ///
  /// An empty write with ending::more changes and appends nothing.
  /// Errors:    operation_not_permitted, message_size, bad_message (a finish before the declared length: the phase
  ///            is aborted then), not_enough_memory.
  std::error_code write(std::uint64_t size, ending then, std::string_view date, std::string& out, frame& around) noexcept;

  /// response_trailers::announce() and set().
  std::error_code announce_trailers(std::span<const std::string_view> names) noexcept;
  std::error_code set_trailers(std::span<const field> fields) noexcept;

  /// Appends the head of 101 Switching Protocols. What is written from now on goes out as it is.
  ///
  /// Errors:    invalid_argument: a field that may not be sent; operation_not_permitted once committed; not_enough_memory.
  std::error_code upgrade(std::string_view protocol, std::span<const field> fields, std::string_view date, std::string& out) noexcept;

  /// The response will never be whole.
  void abort() noexcept { rules_.abort(); }

  csgi::phase phase() const noexcept { return rules_.phase(); }
  int status() const noexcept { return rules_.status(); }             ///< of the head that was committed; 0: none
  bool keep_alive() const noexcept { return rules_.keep_alive(); }    ///< the connection may serve another request then
  bool until_close() const noexcept { return rules_.end() == body_end::close; }   ///< the body's end is the connection's end

  /// The connection is not to be kept, whatever was asked; known before commit, the head says so.
  void close_after() noexcept { rules_.close_after(); }

 private:
  std::string_view last_chunk(bool behind_data) noexcept;
  bool announced(std::string_view name) const noexcept;
  void make_room(std::size_t size);
  void append_head(std::uint64_t size, std::string_view date, std::string& out);
  std::size_t most_behind(std::string_view date) const noexcept;
  bool tells_upgrades() const noexcept { return rules_.status() == 426 && !upgrades_.empty(); }
  std::string_view connection_line() const noexcept;

  response_rules rules_;
  std::string_view server_;
  std::string_view upgrades_;
  std::string head_;                // begins with the status line and the app's fields, as they go on the wire
  std::size_t head_size_ = 0;       // of these; behind them is room, not cleared for each head, where append_head() writes the rest
  std::string trailer_names_;       // a comma list; empty: none will come
  std::string trailers_;            // behind the last chunk, as they go on the wire, with all that ends the body
  bool has_date_ = false;           // among the app's fields
  bool has_server_ = false;
};

/// The first line of a response with its standard phrase, line end included; empty for an unknown status.
std::string_view status_line(int status) noexcept;

/// The standard phrase, or empty for an unknown status.
std::string_view reason_phrase(int status) noexcept;

/// Appends a whole response of the server's own making, a line of plain text, that says `Connection: close` unless
/// the connection is kept. `facts` of a request that could not be parsed are the defaults, but for keep_alive.
///
/// 405 gets an Allow with the methods servers pass on, 426 the version of WebSocket that is served, 503 a Retry-After of one
/// second.
/// Gives the number of its body bytes.
std::size_t append_server_response(std::string& out, int status, const request_facts& facts, std::string_view date,
                                   std::string_view server);

}}  // namespace csgi::v1
