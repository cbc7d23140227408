// csgi/async_exchange.hpp - the front of an exchange for coroutines.
#pragma once
#include <csgi/file_sender.hpp>
#include <csgi/read_file.hpp>
#include <csgi/task.hpp>
#include <string>

namespace csgi { inline namespace v1 {

/// An exchange whose operations are awaited. Each throws the csgi::error of its std::errc value.
///
/// Compiler:  with g++ 12, one co_await per statement and no braces inside it.
class async_exchange : public exchange_handle {
 public:
  using exchange_handle::exchange_handle;

  /// Gives the next body bytes, at least one, or an empty view at the end.
  ///
  /// Lifetime:  the view is valid until the next read.
  auto read() const noexcept {
    return await_operation<"read">(read_op{}, [x = &raw()](read_op& o) noexcept { return x->begin_read(o); });
  }

  /// Reads the whole body.
  ///
  /// Errors:    too_large beyond `limit` bytes.
  task<std::string> read_all(std::size_t limit) const { return read_all_of(*this, limit); }

  /// Sends body bytes, which are borrowed until it resumes.
  auto write(std::string_view data, ending then = ending::more) const noexcept {
    write_op op;
    op.data = data;
    op.then = then;
    return await_operation<"write">(op, [x = &raw()](write_op& o) noexcept { return x->begin_write(o); });
  }

  /// Sends what there is now, the head at least.
  auto flush() const noexcept { return write({}, ending::flush); }

  /// Sends the last bytes, if any, and ends the response.
  auto finish(std::string_view data = {}) const noexcept { return write(data, ending::finish); }

  /// Starts and finishes a response whose body is at hand.
  auto respond(int status, std::string_view content_type, std::string_view body) const {
    start(status, {{"content-type", content_type}});
    return finish(body);
  }

  /// Sends `count` bytes of a file from `offset`, in the server's fastest way, else by reading it here.
  ///
  /// Lifetime:  `descriptor` is borrowed until it resumes.
  task<> send_file(int descriptor, std::uint64_t offset, std::uint64_t count, ending then = ending::more) const {
    file_op op;
    op.descriptor = descriptor;
    op.offset = offset;
    op.count = count;
    op.then = then;
    return send_file_over(*this, op);
  }

  /// Resumes after `duration`.
  ///
  /// Errors:    cancelled, when the exchange is to end.
  template <class Rep, class Period>
  auto sleep_for(std::chrono::duration<Rep, Period> duration) const noexcept {
    timer_op op;
    op.at = from_now(duration);
    return await_operation<"sleep_for">(op, [x = &raw()](timer_op& o) noexcept { return x->executor().begin_wait(o); });
  }

  /// Resumes when the peer has gone, by throwing disconnected; or when the server wants the request to end, by
  /// throwing cancelled. To be awaited beside something else.
  auto gone() const noexcept {
    return await_operation<"gone">(operation{}, [x = &raw()](operation& o) noexcept { return x->begin_gone(o); });
  }

 private:
  // Coroutines keep their parameters, but not the object they are members of: so these are given the handle.

  static task<std::string> read_all_of(async_exchange ex, std::size_t limit) {
    std::string body;
    for (auto chunk = co_await ex.read(); !chunk.empty(); chunk = co_await ex.read()) {
      if (chunk.size() > limit - body.size()) raise(std::make_error_code(std::errc::message_size), "read_all");
      body += chunk;
    }
    co_return body;
  }

  static task<> send_file_over(async_exchange ex, file_op op) {
    if (auto* sender = ex.find<file_sender>()) {
      co_await await_operation<"send_file">(op, [sender](file_op& o) noexcept { return sender->begin_send_file(o); });
      co_return;
    }
    const auto block = std::make_unique<file_block>();
    while (op.count > 0) {
      const auto part = read_file(op.descriptor, op.offset, op.count, *block);
      if (part.bytes.empty()) {
        ex.abort(part.failure);
        raise(std::make_error_code(part.failure), "send_file");
      }
      op.offset += part.bytes.size();
      op.count -= part.bytes.size();
      co_await ex.write(part.bytes);
    }
    if (op.then != ending::more) co_await ex.write({}, op.then);
  }
};

}}  // namespace csgi::v1
