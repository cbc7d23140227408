// csgi/blocking_exchange.hpp - the front of an exchange for plain functions.
#pragma once
#include <coroutine>
#include <csgi/exchange_handle.hpp>
#include <csgi/file_sender.hpp>
#include <csgi/read_file.hpp>
#include <string>

namespace csgi { inline namespace v1 {

/// An exchange whose operations block the handler's thread. Each throws the csgi::error of its std::errc value.
class blocking_exchange : public exchange_handle {
 public:
  using exchange_handle::exchange_handle;

  /// The next body bytes, at least one, or an empty view at the end.
  ///
  /// Lifetime:  valid until the next read.
  std::string_view read() const {
    read_op op;
    raw().begin_read(op);
    check(op, "read");
    return op.chunk;
  }

  /// The whole body.
  ///
  /// Errors:    too_large beyond `limit` bytes.
  std::string read_all(std::size_t limit) const {
    std::string body;
    for (auto chunk = read(); !chunk.empty(); chunk = read()) {
      if (chunk.size() > limit - body.size()) raise(std::make_error_code(std::errc::message_size), "read_all");
      body += chunk;
    }
    return body;
  }

  /// Sends body bytes.
  void write(std::string_view data, ending then = ending::more) const {
    write_op op;
    op.data = data;
    op.then = then;
    raw().begin_write(op);
    check(op, "write");
  }

  /// Sends what there is now, the head at least.
  void flush() const { write({}, ending::flush); }

  /// Sends the last bytes, if any, and ends the response.
  void finish(std::string_view data = {}) const { write(data, ending::finish); }

  /// Starts and finishes a response whose body is at hand.
  void respond(int status, std::string_view content_type, std::string_view body) const {
    start(status, {{"content-type", content_type}});
    finish(body);
  }

  /// Sends `count` bytes of a file from `offset`, in the server's fastest way, else by reading it here.
  ///
  /// Lifetime:  `descriptor` is borrowed during the call.
  void send_file(int descriptor, std::uint64_t offset, std::uint64_t count, ending then = ending::more) const {
    if (auto* sender = find<file_sender>()) {
      file_op op;
      op.descriptor = descriptor;
      op.offset = offset;
      op.count = count;
      op.then = then;
      sender->begin_send_file(op);
      return check(op, "send_file");
    }
    file_block block;
    while (count > 0) {
      const auto part = read_file(descriptor, offset, count, block);
      if (part.bytes.empty()) {
        abort(part.failure);
        raise(std::make_error_code(part.failure), "send_file");
      }
      offset += part.bytes.size();
      count -= part.bytes.size();
      write(part.bytes);
    }
    if (then != ending::more) write({}, then);
  }

  /// Sleeps for `duration`.
  ///
  /// Errors:    cancelled, when the exchange is to end.
  template <class Rep, class Period>
  void sleep_for(std::chrono::duration<Rep, Period> duration) const {
    timer_op op;
    op.at = from_now(duration);
    raw().executor().begin_wait(op);
    check(op, "sleep_for");
  }

 private:
  // No begin of a blocking app's exchange answers pending, so the outcome is there.
  static void check(const operation& op, const char* name) {
    if (op.error) raise(op.error, name);
  }
};

}}  // namespace csgi::v1

// What makes `co_await` in a blocking handler fail to compile in words that help.

namespace csgi { inline namespace v1 {

template <class Handler>
struct blocking_handler_promise {
  static_assert(!sizeof(Handler*), "a blocking handler cannot co_await: use csgi::run(), or derive from csgi::async_app");

  void get_return_object() const noexcept {}
  std::suspend_never initial_suspend() const noexcept { return {}; }
  std::suspend_never final_suspend() const noexcept { return {}; }
  void return_void() const noexcept {}
  void unhandled_exception() const noexcept {}
};

}}  // namespace csgi::v1

template <class... More>
struct std::coroutine_traits<void, csgi::blocking_exchange, More...> {
  using promise_type = csgi::blocking_handler_promise<csgi::blocking_exchange>;
};

template <class Handler, class... More>
struct std::coroutine_traits<void, Handler&, csgi::blocking_exchange, More...> {
  using promise_type = csgi::blocking_handler_promise<Handler>;
};
