// csgi/middleware/rewriting_exchange.hpp - a view that changes the response: what it changes comes in small functions.
#pragma once
#include <charconv>
#include <csgi/file_sender.hpp>
#include <csgi/forwarding_exchange.hpp>
#include <csgi/middleware/head_edit.hpp>
#include <csgi/read_file.hpp>
#include <csgi/upgrade.hpp>
#include <csgi/websocket.hpp>
#include <exception>
#include <limits>
#include <memory>
#include <new>

namespace csgi { inline namespace v1 {

/// Override on_start() to edit heads. Where it calls head.rewrite_body(), the body goes through on_body() and on_finish();
/// else writes and files pass as they are, at no cost.
///
///   class shouting final : public csgi::rewriting_exchange {
///     using rewriting_exchange::rewriting_exchange;
///     void on_start(csgi::head_edit& head) override { head.rewrite_body(); }
///     void on_body(std::string_view bytes, std::string& out) override { for (char c : bytes) out += upper(c); }
///   };
///
/// To the inner app it is a server: it computes its own phase, holds the app to the Content-Length that it declared, sends
/// files by reading them, and ends each write when what came of it has been written. It takes no more than a block of a
/// write at a time, so `out` stays as small as the functions keep it.
///
/// A WebSocket, or another protocol that the connection is upgraded to, is no response: both pass as they are, and none of the
/// functions is called for their 101 or what comes after it. A body limit, a compression, a field of this view's: none applies.
/// Lifetime:  in the frame of the middleware that awaits the inner app.
/// Errors:    what a function throws ends the response: not committed, it is started anew by who catches failure();
///            else it is aborted. std::bad_alloc becomes not_enough_memory, what else it is io_error.
/// Spec:      CSGI-CORE-061 to CSGI-CORE-066, CSGI-EXT-008 to CSGI-EXT-010
class rewriting_exchange : public forwarding_exchange {
 public:
  explicit rewriting_exchange(exchange& next) noexcept : forwarding_exchange(next) {}

  /// What one of the functions threw, to be thrown on when the app is done; or null.
  const std::exception_ptr& failure() const noexcept { return failure_; }

  csgi::phase phase() const noexcept override {
    const auto outer = next().phase();
    if (!rewrites_ || outer == csgi::phase::aborted || is_past(outer)) return outer;
    return broken_ ? csgi::phase::aborted : phase_;
  }

  std::error_code start(const response_head& head) noexcept override {
    if (phase() >= csgi::phase::committed) return std::make_error_code(std::errc::operation_not_permitted);
    try {
      head_edit edit(head);
      on_start(edit);
      std::optional<std::uint64_t> length;
      if (edit.rewrites_body() && !read_length(head, length)) return std::make_error_code(std::errc::invalid_argument);
      if (const auto refused = next().start(edit.head())) return refused;
      rewrites_ = edit.rewrites_body();
      bodiless_ = next().head().method == "HEAD" || edit.status == 204 || edit.status == 304;
      left_ = length.value_or(unlimited);
      phase_ = csgi::phase::started;
      failure_ = nullptr;               // of an earlier start() that the app got over
      return no_error;
    } catch (...) {
      return std::make_error_code(keep_failure());
    }
  }

  begun begin_write(write_op& op) noexcept override {
    if (passes()) return next().begin_write(op);
    if (const auto refused = admit(op.data.size(), op.then); refused != std::errc{}) return refuse(op, refused);
    data_ = op.data;
    file_.count = 0;
    return begin(op, op.then);
  }

  void* find(const extension_id& wanted) noexcept override {
    if (wanted == file_sender::id && next().find(wanted)) return static_cast<file_sender*>(&files_);
    const bool leaves_http = wanted == websocket::id || wanted == upgrade::id;
    return wanted.what == touches::response && !leaves_http ? nullptr : next().find(wanted);
  }

 protected:
  ~rewriting_exchange() = default;

  /// Edits a head, of which the inner app may start several, refused ones among them: the last one counts.
  virtual void on_start(head_edit&) {}

  /// Appends to `out` what becomes of some body bytes, at least one. Not called where no body is sent: for HEAD, 304.
  virtual void on_body(std::string_view bytes, std::string& out) { out += bytes; }

  /// Appends what can be told of what is held back, as the inner app flushes.
  virtual void on_flush(std::string&) {}

  /// Appends the end of the body.
  virtual void on_finish(std::string&) {}

 private:
  static constexpr auto unlimited = std::numeric_limits<std::uint64_t>::max();
  static constexpr std::size_t block_size = 64 * 1024;

  static bool read_length(const response_head& head, std::optional<std::uint64_t>& length) noexcept {
    for (const field& f : head.fields) {
      if (!same_name(f.name, "content-length")) continue;
      const char* const end = f.value.data() + f.value.size();
      std::uint64_t number = 0;
      const auto read = std::from_chars(f.value.data(), end, number);
      if (read.ec != std::errc{} || read.ptr != end || number > unlimited / 2 || (length && *length != number)) return false;
      length = number;
    }
    return true;
  }

  // Whether it was not a write of this view's that has committed, so that what goes on is no response to rewrite.
  bool is_past(csgi::phase outer) const noexcept {
    return outer >= csgi::phase::committed && phase_ < csgi::phase::committed && !broken_;
  }

  // Whether the next exchange is to say what becomes of a write: also where it alone knows why it is too late for one.
  bool passes() const noexcept {
    const auto outer = next().phase();
    return !rewrites_ || outer >= csgi::phase::finished || is_past(outer);
  }

  static begun refuse(operation& op, std::errc why) noexcept {
    op.error = std::make_error_code(why);
    return begun::completed;
  }

  std::errc admit(std::uint64_t size, ending then) noexcept {
    if (inner_) return std::errc::operation_in_progress;
    if (phase() >= csgi::phase::finished) return std::errc::operation_not_permitted;
    if (left_ != unlimited && !bodiless_) {
      if (size > left_) return std::errc::message_size;
      if (then == ending::finish && size < left_) {
        next().abort(std::errc::bad_message);
        return std::errc::bad_message;
      }
      left_ -= size;
    }
    if (then == ending::finish) phase_ = csgi::phase::finished;
    else if (size > 0 || then == ending::flush) phase_ = csgi::phase::committed;
    return {};
  }

  begun begin_file(file_op& op) noexcept {
    if (passes()) return static_cast<file_sender*>(next().find(file_sender::id))->begin_send_file(op);
    if (const auto refused = admit(op.count, op.then); refused != std::errc{}) return refuse(op, refused);
    data_ = {};
    file_.descriptor = op.descriptor;
    file_.offset = op.offset;
    file_.count = bodiless_ ? 0 : op.count;
    return begin(op, op.then);
  }

  begun begin(operation& op, ending then) noexcept {
    inner_ = &op;
    then_ = then;
    stopped_ = false;
    out_.owner = this;
    out_.done = [](operation& o) noexcept { static_cast<rewriting_exchange*>(o.owner)->written(); };
    if (const auto ended = pump(); ended == begun::pending) {
      op.server = this;
      op.stop = [](operation& o) noexcept {
        auto& self = *static_cast<rewriting_exchange*>(o.server);
        self.stopped_ = true;
        cancel(self.out_);
      };
      return begun::pending;
    }
    inner_ = nullptr;
    op.error = out_.error;
    return begun::completed;
  }

  void written() noexcept {
    if (!out_.error && !last_) {
      if (stopped_) {
        next().abort(std::errc::operation_canceled);
        out_.error = std::make_error_code(std::errc::operation_canceled);
      } else if (pump() == begun::pending) {
        return;
      }
    }
    operation& op = *std::exchange(inner_, nullptr);
    op.stop = nullptr;
    op.error = out_.error;
    op.done(op);
  }

  // Writes block after block; a loop, so that writes which complete at once use no stack.
  begun pump() noexcept {
    do {
      out_.error = no_error;
      if (const auto failed = make_block(); failed != std::errc{}) {
        out_.error = std::make_error_code(failed);
        return begun::completed;
      }
      if (next().begin_write(out_) == begun::pending) return begun::pending;
    } while (!out_.error && !last_);
    return begun::completed;
  }

  std::errc make_block() noexcept {
    try {
      std::string_view bytes;
      if (file_.count > 0) {
        if (!block_) block_ = std::make_unique<file_block>();
        const auto part = read_file(file_.descriptor, file_.offset, file_.count, *block_);
        if (part.bytes.empty()) {
          next().abort(part.failure);
          return part.failure;
        }
        bytes = part.bytes;
        file_.offset += bytes.size();
        file_.count -= bytes.size();
      } else if (!bodiless_) {
        bytes = data_.substr(0, block_size);
        data_.remove_prefix(bytes.size());
      }
      last_ = file_.count == 0 && (bodiless_ || data_.empty());
      buffer_.clear();
      if (!bodiless_) {
        if (!bytes.empty()) on_body(bytes, buffer_);
        if (last_ && then_ == ending::flush) on_flush(buffer_);
        if (last_ && then_ == ending::finish) on_finish(buffer_);
      }
      out_.data = buffer_;
      out_.then = last_ ? then_ : ending::more;
      return {};
    } catch (...) {
      const auto code = keep_failure();
      broken_ = true;
      if (next().phase() >= csgi::phase::committed) next().abort(code);
      return code;
    }
  }

  // Inside a catch.
  std::errc keep_failure() noexcept {
    failure_ = std::current_exception();
    try {
      throw;
    } catch (const std::bad_alloc&) {
      return std::errc::not_enough_memory;
    } catch (...) {
      return std::errc::io_error;
    }
  }

  class files final : public file_sender {
   public:
    explicit files(rewriting_exchange& of) noexcept : of_(of) {}
    begun begin_send_file(file_op& op) noexcept override { return of_.begin_file(op); }

   private:
    rewriting_exchange& of_;
  };

  files files_{*this};
  write_op out_;                        // the one write to the next exchange
  operation* inner_ = nullptr;          // the app's, for which it is
  std::string buffer_;                  // its bytes
  std::string_view data_;               // what is left of the app's write
  file_op file_;                        // or file
  std::unique_ptr<file_block> block_;
  std::uint64_t left_ = unlimited;      // of the Content-Length that the app declared
  std::exception_ptr failure_;
  csgi::phase phase_ = csgi::phase::open;
  ending then_ = ending::more;
  bool rewrites_ = false;
  bool bodiless_ = false;
  bool last_ = false;
  bool stopped_ = false;
  bool broken_ = false;
};

}}  // namespace csgi::v1
