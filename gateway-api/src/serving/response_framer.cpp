#include <algorithm>
#include <csgi/checked_extras.hpp>
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

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

void append_number(std::string& out, std::uint64_t value, int base) {
  char digits[20];
  const auto [end, failure] = std::to_chars(std::begin(digits), std::end(digits), value, base);
  out.append(digits, end);
}

}  // namespace

void response_framer::reset(const request_facts& facts, std::string_view server, std::string_view upgrades) noexcept {
  rules_.reset(facts);
  server_ = server;
  upgrades_ = upgrades;
  has_date_ = has_server_ = false;
  trailer_names_.clear();
  trailers_.clear();
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
    if (then == ending::finish) around.suffix = last_chunk(size > 0);
    else if (size > 0) around.suffix = "\r\n";
  }
  return {};
}

std::string_view response_framer::last_chunk(bool behind_data) noexcept {
  const std::string_view whole = trailers_.empty() ? "\r\n0\r\n\r\n" : std::string_view(trailers_);
  return behind_data ? whole : whole.substr(2);
}

std::error_code response_framer::announce_trailers(std::span<const std::string_view> names) noexcept {
  if (!std::all_of(names.begin(), names.end(), may_be_trailer)) return error(std::errc::invalid_argument);
  try {
    std::string list;
    for (const auto name : names) list.append(list.empty() ? "" : ", ").append(name);
    if (const auto refused = rules_.want_chunks()) return refused;
    trailer_names_.swap(list);
    trailers_.clear();
    return {};
  } catch (const std::bad_alloc&) {
    return error(std::errc::not_enough_memory);
  }
}

std::error_code response_framer::set_trailers(std::span<const field> fields) noexcept {
  if (rules_.phase() >= csgi::phase::finished) return error(std::errc::operation_not_permitted);
  const auto allowed = [this](const field& f) { return announced(f.name) && is_field_text(f.value); };
  if (!std::all_of(fields.begin(), fields.end(), allowed)) return error(std::errc::invalid_argument);
  try {
    std::string all = "\r\n0\r\n";
    for (const field& f : fields) append_field(all, f.name, f.value);
    trailers_ = std::move(all.append("\r\n"));
    return {};
  } catch (const std::bad_alloc&) {
    return error(std::errc::not_enough_memory);
  }
}

bool response_framer::announced(std::string_view name) const noexcept {
  for (std::string_view rest = trailer_names_; !rest.empty();)
    if (same_name(next_element(rest), name)) return true;
  return false;
}

std::error_code response_framer::upgrade(std::string_view protocol, std::span<const field> fields, std::string_view date,
                                         std::string& out) noexcept {
  const auto checked = check_head({.status = 200, .fields = fields});   // the rules for fields are those of a final head
  if (!checked || checked->length) return error(std::errc::invalid_argument);
  const response_rules before = rules_;
  if (const auto refused = rules_.upgrade()) return refused;
  const std::size_t size_before = out.size();
  try {
    out.append("HTTP/1.1 101 Switching Protocols\r\n");
    append_field(out, "Upgrade", protocol);
    append_field(out, "Connection", "Upgrade");
    for (const field& f : fields) append_field(out, f.name, f.value);
    if (!date.empty() && !find_field(fields, "date")) append_field(out, "Date", date);
    if (!server_.empty() && !find_field(fields, "server")) append_field(out, "Server", server_);
    out.append("\r\n");
  } catch (const std::bad_alloc&) {
    out.resize(size_before);
    rules_ = before;
    return error(std::errc::not_enough_memory);
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
  if (rules_.end() == body_end::chunks) {
    append_field(out, "Transfer-Encoding", "chunked");
    if (!trailer_names_.empty()) append_field(out, "Trailer", trailer_names_);
  }
  append_connection(out);
  out.append("\r\n");
}

void response_framer::append_connection(std::string& out) const {
  const bool keeps = rules_.keep_alive();
  if (rules_.status() == 426 && !upgrades_.empty()) {
    append_field(out, "Upgrade", upgrades_);
    append_field(out, "Connection", keeps ? "Upgrade" : "close, Upgrade");
  } else if (!keeps) {
    append_field(out, "Connection", "close");
  } else if (rules_.facts().version == http_version::http_1_0) {
    append_field(out, "Connection", "keep-alive");
  }
}

}}  // namespace csgi::v1
