#include <algorithm>
#include <charconv>
#include <csgi/checked_extras.hpp>
#include <csgi/serving/response_framer.hpp>
#include <cstring>
#include <limits>
#include <new>
#include <utility>

namespace csgi { inline namespace v1 {
namespace {

std::error_code error(std::errc e) noexcept { return std::make_error_code(e); }

constexpr std::size_t around_field = sizeof ": \r\n" - 1;
constexpr std::size_t around_status = sizeof "HTTP/1.1 200 \r\n" - 1;

/// Writes one piece after the other to where there is room for all of them: to see to that for each of a head's many small pieces
/// took twice the instructions.
class writer {
 public:
  explicit writer(char* at) noexcept : at_(at) {}

  /// Most pieces are short: a call of memcpy() for each would take longer than the copying.
  writer& put(std::string_view bytes) noexcept {
    if (!put_halves<16>(bytes) && !put_halves<8>(bytes) && !put_halves<4>(bytes)) bytes.copy(at_, bytes.size());
    at_ += bytes.size();
    return *this;
  }

  writer& put(std::uint64_t number, int base = 10) noexcept {
    at_ = std::to_chars(at_, at_ + most_digits, number, base).ptr;
    return *this;
  }

  /// Three digits.
  writer& put_status(int status) noexcept {
    for (const int unit : {100, 10, 1}) *at_++ = static_cast<char>('0' + status / unit % 10);
    return *this;
  }

  writer& put_field(std::string_view name, std::string_view value) noexcept { return put(name).put(": ").put(value).put("\r\n"); }

  char* end() const noexcept { return at_; }

  static constexpr std::size_t most_digits = std::numeric_limits<std::uint64_t>::digits10 + 1;

 private:
  /// Copies the first `Half` bytes and the last, which may overlap; false, and nothing is copied, where these are not all.
  template <std::size_t Half>
  bool put_halves(std::string_view bytes) noexcept {
    if (bytes.size() < Half || bytes.size() > 2 * Half) return false;
    std::memcpy(at_, bytes.data(), Half);
    std::memcpy(at_ + bytes.size() - Half, bytes.data() + bytes.size() - Half, Half);
    return true;
  }

  char* at_;
};

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

void append_chunk_size(std::string& out, std::uint64_t size) {
  char line[writer::most_digits + sizeof "\r\n"];
  out.append(line, writer(line).put(size, 16).put("\r\n").end());
}

}  // namespace

void response_framer::reset(request_facts facts, std::string_view server, std::string_view upgrades) noexcept {
  rules_.reset(facts);
  server_ = server;
  upgrades_ = upgrades;
  trailer_names_.clear();
  trailers_.clear();
}

std::error_code response_framer::start(const response_head& head) noexcept {
  const auto checked = check_head(head);
  if (const auto refused = rules_.refusal(checked)) return refused;
  const std::string_view standard = head.reason.empty() ? status_line(head.status) : std::string_view();
  const std::size_t most =
      around_status + head.reason.size() + standard.size() + checked->text_size + head.fields.size() * around_field;
  try {
    make_room(most);
  } catch (const std::bad_alloc&) {
    return error(std::errc::not_enough_memory);
  }
  rules_.start(head, *checked);
  has_date_ = checked->has_date;
  has_server_ = checked->has_server;

  writer line(head_.data());
  if (!standard.empty()) line.put(standard);
  else line.put("HTTP/1.1 ").put_status(head.status).put(" ").put(head.reason).put("\r\n");
  bool wants_length = head.status != 204;
  const bool drops_length = checked->repeats_length || !wants_length;     // the same value again says nothing new
  for (const field& f : head.fields)
    if (!drops_length || !is_content_length(f.name) || std::exchange(wants_length, false)) line.put_field(f.name, f.value);
  head_size_ = static_cast<std::size_t>(line.end() - head_.data());
  return no_error;
}

/// What append_head() may put behind the status line and the app's fields.
inline std::size_t response_framer::most_behind(std::string_view date) const noexcept {
  constexpr std::string_view all_names =
      "Date: \r\nServer: \r\nContent-Length: \r\nTransfer-Encoding: chunked\r\nTrailer: \r\nUpgrade: \r\n"
      "Connection: close, Upgrade\r\n\r\n";
  return all_names.size() + date.size() + server_.size() + writer::most_digits + trailer_names_.size() + upgrades_.size();
}

inline void response_framer::make_room(std::size_t size) {
  constexpr std::size_t more = 256;     // mostly enough for what append_head() adds, so that it needs no memory
  if (head_.size() < size) head_.resize(size + more);
}

inline std::string_view response_framer::connection_line() const noexcept {
  const bool keeps = rules_.keep_alive();
  if (tells_upgrades()) return keeps ? "Connection: Upgrade\r\n" : "Connection: close, Upgrade\r\n";
  if (!keeps) return "Connection: close\r\n";
  return rules_.facts().version == http_version::http_1_0 ? "Connection: keep-alive\r\n" : "";
}

// Inline, as write() calls it for each response: g++ 12 finds it too large, and saves all registers once more, 3 % of a head.
[[gnu::always_inline]] inline void response_framer::append_head(std::uint64_t size, std::string_view date, std::string& out) {
  make_room(head_size_ + most_behind(date));
  writer rest(head_.data() + head_size_);
  if (!has_date_ && !date.empty()) rest.put_field("Date", date);
  if (!has_server_ && !server_.empty()) rest.put_field("Server", server_);
  if (rules_.end() == body_end::counted) rest.put("Content-Length: ").put(size).put("\r\n");
  if (rules_.end() == body_end::chunks) {
    rest.put("Transfer-Encoding: chunked\r\n");
    if (!trailer_names_.empty()) rest.put_field("Trailer", trailer_names_);
  }
  if (tells_upgrades()) rest.put_field("Upgrade", upgrades_);
  const char* const end = rest.put(connection_line()).put("\r\n").end();
  out.append(head_.data(), static_cast<std::size_t>(end - head_.data()));
}

std::error_code response_framer::write(std::uint64_t size, ending then, std::string_view date, std::string& out,
                                       frame& around) noexcept {
  const response_rules before = rules_;
  if (const auto refused = rules_.write(size, then)) return refused;
  around = {};
  if (size == 0 && then == ending::more) return no_error;
  const std::size_t size_before = out.size();
  const bool chunked = rules_.end() == body_end::chunks;
  try {
    if (before.phase() == csgi::phase::started) append_head(size, date, out);
    if (chunked && size > 0) append_chunk_size(out, size);
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
  return no_error;
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

}}  // namespace csgi::v1
