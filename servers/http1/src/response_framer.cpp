#include <algorithm>
#include <csgi/checked_head.hpp>
#include <csgi/http1/response_framer.hpp>
#include <new>
#include <numeric>

namespace csgi::http1 {
namespace {

std::error_code error(std::errc e) noexcept { return std::make_error_code(e); }

/// As they go on the wire.
std::size_t size_of(std::span<const field> fields) noexcept {
  constexpr std::size_t around = sizeof ": \r\n" - 1;
  return std::accumulate(fields.begin(), fields.end(), std::size_t{0}, [](std::size_t sum, const field& f) {
    return sum + f.name.size() + f.value.size() + around;
  });
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

void append_number(std::string& out, std::uint64_t value, int base) {
  char digits[20];
  const auto [end, failure] = std::to_chars(std::begin(digits), std::end(digits), value, base);
  out.append(digits, end);
}

}  // namespace

void response_framer::reset(const request_facts& facts, std::string_view server) noexcept {
  facts_ = facts;
  server_ = server;
  declared_ = written_ = 0;
  status_ = committed_status_ = 0;
  phase_ = csgi::phase::open;
  end_ = body_end::said;
  has_length_ = has_date_ = has_server_ = app_closes_ = false;
}

std::error_code response_framer::start(const response_head& head) noexcept {
  if (phase_ != csgi::phase::open && phase_ != csgi::phase::started) return error(std::errc::operation_not_permitted);
  const auto checked = check_head(head);
  if (!checked) return error(std::errc::invalid_argument);
  const std::string_view reason = head.reason.empty() ? reason_phrase(head.status) : head.reason;
  try {
    fields_.reserve(size_of(head.fields));
    reason_.reserve(reason.size());
  } catch (const std::bad_alloc&) {
    return error(std::errc::not_enough_memory);
  }

  reason_.assign(reason);
  fields_.clear();
  bool wants_length = head.status != 204;
  has_date_ = has_server_ = false;
  for (const field& f : head.fields) {
    const bool is_length = is_content_length(f.name);
    if (!is_length || wants_length) append_field(fields_, f.name, f.value);
    if (is_length) wants_length = false;      // the same value again says nothing new
    has_date_ |= same_name(f.name, "date");
    has_server_ |= same_name(f.name, "server");
  }
  status_ = head.status;
  has_length_ = checked->length.has_value();
  declared_ = checked->length.value_or(0);
  app_closes_ = head.then == after_response::close;
  phase_ = csgi::phase::started;
  return {};
}

bool response_framer::has_no_body() const noexcept {
  return facts_.head_request || status_ == 204 || status_ == 304;
}

response_framer::body_end response_framer::end_of_body(std::uint64_t size, ending then) const noexcept {
  const bool whole = then == ending::finish;
  if (has_no_body()) {
    // A HEAD response tells the length GET would give, if the app wrote the body that GET would get.
    const bool counts = facts_.head_request && status_ != 204 && status_ != 304 && !has_length_ && whole && size > 0;
    return counts ? body_end::counted : body_end::said;
  }
  if (has_length_) return body_end::said;
  if (whole) return body_end::counted;
  return facts_.version == http_version::http_1_0 ? body_end::close : body_end::chunks;
}

std::error_code response_framer::write(std::uint64_t size, ending then, std::string_view date, std::string& out,
                                       frame& around) noexcept {
  if (phase_ != csgi::phase::started && phase_ != csgi::phase::committed)
    return error(std::errc::operation_not_permitted);
  around = {};
  if (size == 0 && then == ending::more) return {};
  const bool finishes = then == ending::finish;
  if (has_length_ && !has_no_body()) {
    if (size > declared_ - written_) return error(std::errc::message_size);
    if (finishes && size < declared_ - written_) {
      abort();
      return error(std::errc::bad_message);
    }
  }

  const std::size_t size_before = out.size();
  const body_end end_before = end_;
  try {
    if (phase_ == csgi::phase::started) {
      end_ = end_of_body(size, then);
      append_head(size, date, out);
    }
    if (end_ == body_end::chunks && size > 0) {
      append_number(out, size, 16);
      out.append("\r\n");
    }
  } catch (const std::bad_alloc&) {
    out.resize(size_before);
    end_ = end_before;
    return error(std::errc::not_enough_memory);
  }

  written_ += size;
  committed_status_ = status_;
  phase_ = finishes ? csgi::phase::finished : csgi::phase::committed;
  around.send_body = !has_no_body();
  if (end_ == body_end::chunks) {
    constexpr std::string_view chunk_end = "\r\n", last_chunk = "0\r\n\r\n", both = "\r\n0\r\n\r\n";
    if (size > 0) around.suffix = finishes ? both : chunk_end;
    else if (finishes) around.suffix = last_chunk;
  }
  return {};
}

void response_framer::append_head(std::uint64_t size, std::string_view date, std::string& out) const {
  out.append("HTTP/1.1 ");
  append_number(out, static_cast<std::uint64_t>(status_), 10);
  out.append(" ").append(reason_).append("\r\n").append(fields_);
  if (!has_date_ && !date.empty()) append_field(out, "Date", date);
  if (!has_server_ && !server_.empty()) append_field(out, "Server", server_);
  if (end_ == body_end::counted) {
    out.append("Content-Length: ");
    append_number(out, size, 10);
    out.append("\r\n");
  }
  if (end_ == body_end::chunks) append_field(out, "Transfer-Encoding", "chunked");
  if (!keep_alive()) append_field(out, "Connection", "close");
  else if (facts_.version == http_version::http_1_0) append_field(out, "Connection", "keep-alive");
  out.append("\r\n");
}

void response_framer::abort() noexcept {
  if (phase_ != csgi::phase::finished) phase_ = csgi::phase::aborted;
}

csgi::phase response_framer::phase() const noexcept { return phase_; }
int response_framer::status() const noexcept { return committed_status_; }

bool response_framer::keep_alive() const noexcept {
  return facts_.keep_alive && !app_closes_ && !until_close() && phase_ != csgi::phase::aborted;
}

bool response_framer::until_close() const noexcept { return end_ == body_end::close; }
void response_framer::close_after() noexcept { facts_.keep_alive = false; }

}  // namespace csgi::http1
