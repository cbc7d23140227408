#include <csgi/serving/characters.hpp>
#include <csgi/serving/framing_fields.hpp>
#include <csgi/serving/request_target.hpp>
#include "request_line.hpp"
#include <csgi/http1/request_parser.hpp>
#include <llhttp.h>
#include <new>
#include <utility>
#include <vector>

namespace csgi::http1 {
namespace {

constexpr std::size_t most_empty_bytes = 8;             // before the request line: four empty lines
constexpr std::size_t most_head_bytes = 60 * 1024;
constexpr std::size_t feed_window = 512;                // no search goes far into pipelined requests behind a head

struct field_pieces {
  piece name;
  piece value;
};

int pause(llhttp_t*) noexcept { return HPE_PAUSED; }

}  // namespace

struct request_parser::implementation {
  enum class stage : unsigned char { empty_lines, line, fields, complete, rejected };

  explicit implementation(const server_limits& limits) noexcept
      : head_limit(std::min(limits.request_head, most_head_bytes)),
        line_limit(std::min(limits.request_line, head_limit)),
        fields_limit(limits.request_fields) {
    reset();
  }

  // llhttp's callbacks: only places are remembered, views are made of them once the head is complete.

  static implementation& of(llhttp_t* llhttp) noexcept { return *static_cast<implementation*>(llhttp->data); }
  static int name_part(llhttp_t*, const char* at, std::size_t size) noexcept;
  static int name_end(llhttp_t*) noexcept;
  static int value_part(llhttp_t*, const char* at, std::size_t size) noexcept;
  static llhttp_t behind_line(std::string_view line) noexcept;

  // The stages of one head. Each leaves `now` as it was, for want of bytes, or sets the next one.

  void reset() noexcept;
  void skip_empty_lines(std::string_view bytes) noexcept;
  void take_line(std::string_view bytes) noexcept;
  void take_fields(std::string_view bytes);
  void complete(std::string_view bytes);
  void reject(rejection r) noexcept;

  llhttp_errno_t feed(std::string_view bytes, std::size_t end) noexcept;
  llhttp_errno_t feed_as(const char* text, std::size_t size) noexcept;
  void extend(piece& part, const char* at, std::size_t size) noexcept;
  bool make_fields(std::string_view bytes);
  void make_request(std::string_view bytes, const framing_fields& framing);

  const std::size_t head_limit;
  const std::size_t line_limit;
  const std::size_t fields_limit;
  llhttp_t llhttp;

  stage now = stage::empty_lines;
  rejection why;
  std::size_t begin = 0;            // of the request line
  std::size_t taken = 0;            // bytes that were looked at and, behind the line, fed
  const char* fed = nullptr;        // what llhttp is being fed; its first byte is the one at `taken`
  request_line line;
  piece open_name;                  // the one llhttp is in, empty otherwise
  bool folded = false;
  std::vector<field_pieces> pieces;

  std::vector<field> fields;
  std::string decoded_path;
  request head;
  bool keep_alive = false;
  bool upgrades = false;
  bool expects_continue = false;
  bool chunked = false;
};

/// As it is when it has seen a request line: which one is not its affair, as read_request_line() decides on it.
llhttp_t request_parser::implementation::behind_line(std::string_view line) noexcept {
  static constexpr llhttp_settings_t settings = [] {
    llhttp_settings_t callbacks{};
    callbacks.on_header_field = &name_part;
    callbacks.on_header_field_complete = &name_end;
    callbacks.on_header_value = &value_part;
    callbacks.on_headers_complete = &pause;
    return callbacks;
  }();
  llhttp_t fresh;
  llhttp_init(&fresh, HTTP_REQUEST, &settings);
  llhttp_execute(&fresh, line.data(), line.size());
  return fresh;
}

void request_parser::implementation::reset() noexcept {
  now = stage::empty_lines;
  why = {};
  begin = taken = 0;
  open_name = {};
  folded = false;
  pieces.clear();
}

/// A name or value comes in several parts where the head does, and where it is folded: then they don't join.
void request_parser::implementation::extend(piece& part, const char* at, std::size_t size) noexcept {
  const auto place = static_cast<std::uint32_t>(taken + static_cast<std::size_t>(at - fed));
  if (part.end == 0) part.begin = place;
  else if (part.end != place) folded = true;
  part.end = place + static_cast<std::uint32_t>(size);
}

int request_parser::implementation::name_part(llhttp_t* llhttp, const char* at, std::size_t size) noexcept {
  implementation& self = of(llhttp);
  self.extend(self.open_name, at, size);
  return 0;
}

int request_parser::implementation::name_end(llhttp_t* llhttp) noexcept {
  implementation& self = of(llhttp);
  if (self.pieces.size() == self.fields_limit) {
    self.why = {431, "too many fields"};
    return HPE_USER;
  }
  try {
    self.pieces.push_back({std::exchange(self.open_name, {}), {}});
  } catch (const std::bad_alloc&) {         // must not pass through llhttp
    self.why = {503, "out of memory"};
    return HPE_USER;
  }
  return 0;
}

int request_parser::implementation::value_part(llhttp_t* llhttp, const char* at, std::size_t size) noexcept {
  implementation& self = of(llhttp);
  self.extend(self.pieces.back().value, at, size);
  return 0;
}

void request_parser::implementation::reject(rejection r) noexcept {
  why = r;
  now = stage::rejected;
}

void request_parser::implementation::skip_empty_lines(std::string_view bytes) noexcept {
  for (; taken < bytes.size() && bytes[taken] == '\r'; taken += 2) {
    if (bytes.size() - taken < 2) return;
    if (bytes[taken + 1] != '\n') return reject({400, "bare CR"});
    if (taken == most_empty_bytes) return reject({400, "too many empty lines before the request line"});
  }
  if (taken == bytes.size()) return;
  if (!is(character::token, bytes[taken])) return reject({400, "malformed request line"});
  begin = taken;
  now = stage::line;
}

void request_parser::implementation::take_line(std::string_view bytes) noexcept {
  const std::size_t most = begin + line_limit + 2;
  const std::size_t end = bytes.substr(0, most).find('\n', taken);
  if (end == bytes.npos) {
    taken = std::min(bytes.size(), most);
    if (taken == most) reject({414, "request line too long"});
    return;
  }
  line = read_request_line(bytes.substr(0, end + 1), static_cast<std::uint32_t>(begin));
  if (line.why) return reject(line.why);
  static const llhttp_t version_1_0 = behind_line("GET / HTTP/1.0\r\n");
  static const llhttp_t version_1_1 = behind_line("GET / HTTP/1.1\r\n");
  llhttp = line.version == http_version::http_1_0 ? version_1_0 : version_1_1;
  llhttp.data = this;
  taken = end + 1;
  now = stage::fields;
}

/// HTAB is shown to llhttp as the space it means, because llhttp refuses it behind a Content-Length, where
/// RFC 9110, 5.6.3 allows it.
llhttp_errno_t request_parser::implementation::feed(std::string_view bytes, std::size_t end) noexcept {
  llhttp_errno_t error = HPE_OK;
  while (error == HPE_OK && taken < end) {
    const std::string_view window = bytes.substr(taken, std::min(end - taken, feed_window));
    const std::size_t tab = std::min(window.find('\t'), window.size());
    error = tab == 0 ? feed_as(" ", 1) : feed_as(window.data(), tab);
  }
  return error;
}

llhttp_errno_t request_parser::implementation::feed_as(const char* text, std::size_t size) noexcept {
  fed = text;
  const llhttp_errno_t error = llhttp_execute(&llhttp, text, size);
  if (error == HPE_OK) taken += size;
  if (error == HPE_PAUSED) taken += static_cast<std::size_t>(llhttp_get_error_pos(&llhttp) - text);
  return error;
}

void request_parser::implementation::take_fields(std::string_view bytes) {
  const std::size_t most = begin + head_limit;
  const llhttp_errno_t error = feed(bytes, std::min(bytes.size(), most));
  if (error == HPE_PAUSED) complete(bytes);
  else if (error != HPE_OK) reject(why ? why : rejection{400, "malformed fields"});
  else if (taken >= most) reject({431, "request head too large"});
}

void request_parser::implementation::complete(std::string_view bytes) {
  if (!make_fields(bytes)) return reject({400, "malformed fields"});
  const framing_fields framing = read_framing_fields(fields, line.version);
  if (framing.why) return reject(framing.why);
  const bool names_host = line.origin_form || line.authority.begin != line.authority.end;
  if (const rejection missing = missing_host(framing, line.version, names_host)) return reject(missing);
  make_request(bytes, framing);
  now = stage::complete;
}

/// Makes views of the fields, and sees to it that they cover the head byte by byte: nothing but one colon and white
/// space may be between a name and its value, nothing but one CRLF behind each line. So whatever else llhttp takes
/// for a line's end, a folded line or an empty name is found.
bool request_parser::implementation::make_fields(std::string_view bytes) {
  if (folded) return false;
  fields.resize(pieces.size());
  auto made = fields.begin();
  std::size_t at = line.target.end + sizeof " HTTP/1.1\r\n" - 1;
  for (const auto& [name, value] : pieces) {
    if (name.begin != at || name.begin == name.end || bytes[name.end] != ':') return false;
    const bool empty = value.begin == value.end;    // llhttp then places it behind the line's end
    if (value.begin < name.end + (empty ? 3 : 1)) return false;
    const std::size_t value_at = empty ? value.begin - 2 : value.begin;
    const std::size_t line_end = empty ? value_at : value.end;
    const std::string_view gap = bytes.substr(name.end + 1, value_at - (name.end + 1));
    if (!std::all_of(gap.begin(), gap.end(), is_white) || bytes.substr(line_end, 2) != "\r\n") return false;
    *made++ = {name.in(bytes), trimmed(value.in(bytes))};
    at = line_end + 2;
  }
  return bytes.substr(at, 2) == "\r\n" && taken == at + 2;
}

void request_parser::implementation::make_request(std::string_view bytes, const framing_fields& framing) {
  head = {};
  head.method = line.method.in(bytes);
  head.target = line.target.in(bytes);
  head.raw_path = line.path.begin == line.path.end ? "/" : line.path.in(bytes);
  head.path = head.raw_path;
  if (line.encoded) {
    decoded_path.clear();
    append_decoded(decoded_path, head.raw_path);
    head.path = decoded_path;
  }
  head.query = line.query.in(bytes);
  head.has_query = line.has_query;
  head.version = line.version;
  head.body = framing.body;
  head.content_length = framing.length;
  const bool absolute = line.authority.begin != line.authority.end;
  head.authority = absolute ? line.authority.in(bytes) : framing.host;    // RFC 9112, 3.2.2
  head.fields = fields;
  keep_alive = framing.keep_alive;
  expects_continue = framing.expects_continue;
  upgrades = framing.upgrades;
  chunked = framing.chunked;
}

request_parser::request_parser(const server_limits& limits) : self_(std::make_unique<implementation>(limits)) {}
request_parser::~request_parser() = default;

void request_parser::reset() noexcept { self_->reset(); }

request_parser::state request_parser::parse(std::string_view bytes) {
  using stage = implementation::stage;
  implementation& self = *self_;
  try {
    if (self.now == stage::empty_lines) self.skip_empty_lines(bytes);
    if (self.now == stage::line) self.take_line(bytes);
    if (self.now == stage::fields) self.take_fields(bytes);
  } catch (const std::bad_alloc&) {
    self.reject({503, "out of memory"});
  }
  if (self.now == stage::complete) return state::complete;
  return self.now == stage::rejected ? state::rejected : state::incomplete;
}

std::size_t request_parser::size() const noexcept { return self_->taken; }
rejection request_parser::why() const noexcept { return self_->why; }
const request& request_parser::head() const noexcept { return self_->head; }
bool request_parser::keep_alive() const noexcept { return self_->keep_alive; }
bool request_parser::upgrades() const noexcept { return self_->upgrades; }
bool request_parser::expects_continue() const noexcept { return self_->expects_continue; }
bool request_parser::chunked() const noexcept { return self_->chunked; }

}  // namespace csgi::http1
