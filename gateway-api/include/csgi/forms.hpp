// csgi/forms.hpp - forms that browsers send: urlencoded ones as a whole, multipart ones part by part.
#pragma once
#include <csgi/async_exchange.hpp>
#include <csgi/blocking_exchange.hpp>
#include <csgi/http_error.hpp>
#include <csgi/multipart.hpp>
#include <csgi/query.hpp>

namespace csgi { inline namespace v1 {

/// Whether a request's body is of that media type, whatever its parameters.
inline bool has_media_type(const request& head, std::string_view type) noexcept {
  auto given = head.field("content-type").value_or("");
  given = given.substr(0, given.find_first_of("; \t"));
  return same_name(given, type);
}

/// Reads an application/x-www-form-urlencoded body.
///
/// Errors:    http_error(415), where it is something else; too_large beyond `limit` bytes.
inline task<parameters> read_form(async_exchange ex, std::size_t limit) {
  if (!has_media_type(ex.head(), "application/x-www-form-urlencoded"))
    throw http_error(415, "The body is to be an urlencoded form.\n");
  const auto body = co_await ex.read_all(limit);
  co_return parameters(body);
}

inline parameters read_form(blocking_exchange ex, std::size_t limit) {
  if (!has_media_type(ex.head(), "application/x-www-form-urlencoded"))
    throw http_error(415, "The body is to be an urlencoded form.\n");
  return parameters(ex.read_all(limit));
}

/// A multipart/form-data body, part by part as it arrives: files need not fit into memory.
///
///   csgi::multipart_form form(ex);
///   for (bool more = co_await form.next(); more; more = co_await form.next())
///     for (auto bytes = co_await form.read(); !bytes.empty(); bytes = co_await form.read()) …
///
/// Lifetime:  the exchange's.
class multipart_form {
 public:
  /// Errors:    http_error(415), where the body is something else.
  explicit multipart_form(async_exchange ex, const multipart_limits& limits = {})
      : exchange_(ex), parser_(boundary_of(ex.head()), limits) {}
  multipart_form(const multipart_form&) = delete;
  multipart_form& operator=(const multipart_form&) = delete;

  /// Goes on to the next part, past what was not read of the present one. False at the end of the form.
  ///
  /// Errors:    http_error(400), where it is malformed, 413 beyond a limit; those of async_exchange::read().
  task<bool> next() { return next_of(*this); }

  /// The part gone on to.
  const form_part& part() const noexcept { return parser_.part(); }

  /// Some bytes of the part's content, none at its end.
  ///
  /// Lifetime:  until the next call.
  /// Errors:    as next().
  task<std::string_view> read() { return read_of(*this); }

  /// What is left of the part's content.
  ///
  /// Errors:    http_error(413) beyond `limit` bytes; as next().
  task<std::string> read_all(std::size_t limit) { return read_all_of(*this, limit); }

  /// For the frames of its coroutines.
  exchange* environment() const noexcept { return &exchange_.raw(); }

 private:
  using step = multipart_parser::step;

  static std::string boundary_of(const request& head) {
    auto boundary = multipart_parser::boundary_of(head.field("content-type").value_or(""));
    if (!boundary) throw http_error(415, "The body is to be a multipart form.\n");
    return std::move(*boundary);
  }

  static task<step> go_on(multipart_form& self) {
    for (;;) {
      const auto now = self.parser_.next();
      if (now == step::malformed) throw http_error(400, "The body is no whole multipart form.\n");
      if (now == step::too_large) throw http_error(413, "The form is too large.\n");
      if (now != step::more) co_return now;
      const auto chunk = co_await self.exchange_.read();
      if (chunk.empty()) self.parser_.end_input();
      else self.parser_.feed(chunk);
    }
  }

  static task<bool> next_of(multipart_form& self) {
    for (auto now = co_await go_on(self); now != step::end; now = co_await go_on(self))
      if (now == step::part) {
        self.in_part_ = true;
        co_return true;
      }
    self.in_part_ = false;
    co_return false;
  }

  static task<std::string_view> read_of(multipart_form& self) {
    if (!self.in_part_) co_return std::string_view();
    const auto now = co_await go_on(self);
    if (now == step::data) co_return self.parser_.data();
    self.in_part_ = false;
    co_return std::string_view();
  }

  static task<std::string> read_all_of(multipart_form& self, std::size_t limit) {
    std::string content;
    for (auto bytes = co_await read_of(self); !bytes.empty(); bytes = co_await read_of(self)) {
      if (bytes.size() > limit - content.size()) throw http_error(413, "A part of the form is too large.\n");
      content += bytes;
    }
    co_return content;
  }

  async_exchange exchange_;
  multipart_parser parser_;
  bool in_part_ = false;
};

/// The same for blocking handlers.
class blocking_multipart_form {
 public:
  explicit blocking_multipart_form(blocking_exchange ex, const multipart_limits& limits = {})
      : form_(async_exchange(ex.raw()), limits) {}

  bool next() { return ended(form_.next()); }
  const form_part& part() const noexcept { return form_.part(); }
  std::string_view read() { return ended(form_.read()); }
  std::string read_all(std::size_t limit) { return ended(form_.read_all(limit)); }

 private:
  /// A coroutine that awaits nothing but a blocking app's exchange ends where it starts.
  template <class T>
  static T ended(task<T> coroutine) {
    operation end;
    if (coroutine.start(end) == begun::pending) std::terminate();
    return coroutine.result();
  }

  multipart_form form_;
};

}}  // namespace csgi::v1
