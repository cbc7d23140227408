#include "append_field.hpp"
#include <algorithm>
#include <csgi/checked_head.hpp>
#include <csgi/serving/response_framer.hpp>
#include <new>
#include <numeric>

namespace csgi { inline namespace v1 {
namespace {

std::error_code error(std::errc e) noexcept { return std::make_error_code(e); }

/// As they go on the wire.
std::size_t size_of(std::span<const field> fields) noexcept {
  constexpr std::size_t around = sizeof ": \r\n" - 1;
  return std::accumulate(fields.begin(), fields.end(), std::size_t{0}, [](std::size_t sum, const field& f) {
    return sum + f.name.size() + f.value.size() + around;
  });
}

void append_number(std::string& out, std::uint64_t value, int base) {
  char digits[20];
  const auto [end, failure] = std::to_chars(std::begin(digits), std::end(digits), value, base);
  out.append(digits, end);
}

}  // namespace

void response_framer::reset(const request_facts& facts, std::string_view server) noexcept {
  rules_.reset(facts);
  server_ = server;
  has_date_ = has_server_ = false;
}

std::error_code response_framer::start(const response_head& head) noexcept {
  const response_rules before = rules_;
  if (const auto refused = rules_.start(head)) return refused;
  const std::string_view reason = head.reason.empty() ? reason_phrase(head.status) : head.reason;
  try {
    fields_.reserve(size_of(head.fields));
    reason_.reserve(reason.size());
  } catch (const std::bad_alloc&) {
    rules_ = before;
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
  return {};
}

std::error_code response_framer::write(std::uint64_t size, ending then, std::string_view date, std::string& out,
                                       frame& around) noexcept {
  const response_rules before = rules_;
  if (const auto refused = rules_.write(size, then)) return refused;
  around = {};
  if (size == 0 && then == ending::more) return {};
  const std::size_t size_before = out.size();
  const bool chunked = rules_.end() == body_end::chunks;
  try {
    if (before.phase() == csgi::phase::started) append_head(size, date, out);
    if (chunked && size > 0) {
      append_number(out, size, 16);
      out.append("\r\n");
    }
  } catch (const std::bad_alloc&) {
    out.resize(size_before);
    rules_ = before;
    return error(std::errc::not_enough_memory);
  }

  around.send_body = rules_.sends_body();
  if (chunked) {
    constexpr std::string_view chunk_end = "\r\n", last_chunk = "0\r\n\r\n", both = "\r\n0\r\n\r\n";
    const bool finishes = then == ending::finish;
    if (size > 0) around.suffix = finishes ? both : chunk_end;
    else if (finishes) around.suffix = last_chunk;
  }
  return {};
}

void response_framer::append_head(std::uint64_t size, std::string_view date, std::string& out) const {
  out.append("HTTP/1.1 ");
  append_number(out, static_cast<std::uint64_t>(rules_.status()), 10);
  out.append(" ").append(reason_).append("\r\n").append(fields_);
  if (!has_date_ && !date.empty()) append_field(out, "Date", date);
  if (!has_server_ && !server_.empty()) append_field(out, "Server", server_);
  if (rules_.end() == body_end::counted) {
    out.append("Content-Length: ");
    append_number(out, size, 10);
    out.append("\r\n");
  }
  if (rules_.end() == body_end::chunks) append_field(out, "Transfer-Encoding", "chunked");
  if (!rules_.keep_alive()) append_field(out, "Connection", "close");
  else if (rules_.facts().version == http_version::http_1_0) append_field(out, "Connection", "keep-alive");
  out.append("\r\n");
}

}}  // namespace csgi::v1
