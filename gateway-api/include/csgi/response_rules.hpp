// csgi/response_rules.hpp - what a response may say next, and how its body is framed; without a byte of it.
#pragma once
#include <csgi/checked_head.hpp>
#include <csgi/exchange.hpp>

namespace csgi { inline namespace v1 {

/// What of a request decides how its response is framed.
struct request_facts {
  http_version version = http_version::http_1_1;
  bool head_request = false;      ///< HEAD: the head of a response, never its body
  bool keep_alive = true;         ///< client and server both let the connection go on so far
};

/// What tells an HTTP/1 client where the body ends.
enum class body_end : unsigned char {
  said,       ///< by the app's Content-Length, by the method or by the status
  counted,    ///< by a Content-Length of the server's: the size of the write that finishes
  chunks,
  close,      ///< the connection's end
};

/// One response's state: phases, declared length, framing; nothing for HEAD, 204 and 304. Servers whose library writes the head
/// ask this what to have it write; response_framer writes it itself.
///
/// Every call checks what exchange says must be checked, and changes nothing when it refuses. Where there is no body,
/// the app's bytes are not held against its Content-Length. A value that is copied and put back undoes what was between.
///
/// Threads:   one at a time.
/// Spec:      CSGI-HTTP-056 to CSGI-HTTP-063, CSGI-HTTP-073 to CSGI-HTTP-089
class response_rules {
 public:
  /// Begins another response.
  void reset(request_facts facts) noexcept;

  /// exchange::start(); the head's fields and reason are for the caller to keep.
  std::error_code start(const response_head& head) noexcept;

  /// Its two parts, for who may fail in between: why a head is refused, given what check_head() says of it; what it changes.
  std::error_code refusal(const std::optional<checked_head>& checked) const noexcept;
  void start(const response_head& head, const checked_head& checked) noexcept;

  /// Accounts for a write of `size` body bytes followed by `then`. The first one that commits decides the framing.
  ///
  /// An empty write with ending::more changes nothing.
  /// Errors:    operation_not_permitted, message_size, bad_message (a finish before the declared length: the phase
  ///            is aborted then).
  std::error_code write(std::uint64_t size, ending then) noexcept;

  /// The answer is 101, and what is written from now on goes out as it is, to the connection's end.
  ///
  /// Errors:    operation_not_permitted once committed.
  std::error_code upgrade() noexcept;

  /// Something is to follow the body: it is sent in chunks, though it be known whole, and has no Content-Length.
  ///
  /// Errors:    invalid_argument, where the head that was started has one; operation_not_permitted once committed.
  std::error_code want_chunks() noexcept;

  /// The response will never be whole.
  void abort() noexcept;

  csgi::phase phase() const noexcept { return phase_; }
  int status() const noexcept { return committed_status_; }   ///< of the head that was committed; 0: none
  body_end end() const noexcept { return end_; }              ///< Requires: committed

  /// Whether body bytes are sent; else they are counted and dropped: HEAD, 204, 304.
  bool sends_body() const noexcept { return !facts_.head_request && status_ != 204 && status_ != 304; }

  /// The connection may serve another request after this response.
  bool keep_alive() const noexcept {
    return facts_.keep_alive && !app_closes_ && end_ != body_end::close && phase_ != csgi::phase::aborted;
  }

  const request_facts& facts() const noexcept { return facts_; }

  /// The connection is not to be kept, whatever was asked; known before commit, the head says so.
  void close_after() noexcept { facts_.keep_alive = false; }

 private:
  body_end end_of_body(std::uint64_t size, ending then) const noexcept;

  request_facts facts_;
  std::uint64_t declared_ = 0;
  std::uint64_t written_ = 0;
  int status_ = 0;
  int committed_status_ = 0;
  csgi::phase phase_ = csgi::phase::open;
  body_end end_ = body_end::said;   // decided when the head is committed
  bool has_length_ = false;
  bool app_closes_ = false;
  bool wants_chunks_ = false;
};

/// One after the other: a new object, copied as a whole, would have to wait for its small parts to be in memory.
inline void response_rules::reset(request_facts facts) noexcept {
  facts_ = facts;
  declared_ = written_ = 0;
  status_ = committed_status_ = 0;
  phase_ = csgi::phase::open;
  end_ = body_end::said;
  has_length_ = app_closes_ = wants_chunks_ = false;
}

inline std::error_code response_rules::refusal(const std::optional<checked_head>& checked) const noexcept {
  if (phase_ != csgi::phase::open && phase_ != csgi::phase::started)
    return std::make_error_code(std::errc::operation_not_permitted);
  if (!checked || (wants_chunks_ && checked->length)) return std::make_error_code(std::errc::invalid_argument);
  return no_error;
}

inline void response_rules::start(const response_head& head, const checked_head& checked) noexcept {
  status_ = head.status;
  has_length_ = checked.length.has_value();
  declared_ = checked.length.value_or(0);
  app_closes_ = head.then == after_response::close;
  phase_ = csgi::phase::started;
}

}}  // namespace csgi::v1
