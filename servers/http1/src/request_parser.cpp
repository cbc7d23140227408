#include "request_line.hpp"
#include <algorithm>
#include <csgi/http1/request_parser.hpp>
#include <csgi/serving/characters.hpp>
#include <csgi/serving/framing_fields.hpp>
#include <new>
#include <vector>

namespace csgi::http1 {
namespace {

constexpr std::size_t most_empty_bytes = 8;             // before the request line: four empty lines
constexpr std::size_t most_head_bytes = 60 * 1024;
constexpr std::string_view line_end = "\r\n";

bool is_line_end(std::string_view bytes, std::size_t at) noexcept {
  return std::string_view(bytes.data() + at, bytes.size() - at).starts_with(line_end);
}

/// With more bytes to come.
bool may_become_line_end(std::string_view bytes, std::size_t at) noexcept { return line_end.starts_with(bytes.substr(at)); }

}  // namespace

struct request_parser::implementation {
  enum class stage : unsigned char { empty_lines, line, name, value, complete, rejected };

  explicit implementation(const server_limits& limits) noexcept
      : head_limit(std::min(limits.request_head, most_head_bytes)),
        line_limit(std::min(limits.request_line, head_limit)),
        fields_limit(limits.request_fields) {}

  void reset() noexcept;

  // The stages of one head. Each leaves `now` as it was, for want of bytes, or sets the next one.

  void skip_empty_lines(std::string_view bytes) noexcept;
  void take_line(std::string_view bytes) noexcept;
  void take_fields(std::string_view bytes);
  bool take_field(std::string_view bytes);
  bool take_name(std::string_view bytes);
  void end_head(std::string_view bytes);
  void complete();
  void reject(rejection r) noexcept;

  bool in_fields() const noexcept { return now == stage::name || now == stage::value; }
  void make_request();

  const std::size_t head_limit;
  const std::size_t line_limit;
  const std::size_t fields_limit;

  stage now = stage::empty_lines;
  rejection why;
  const char* at = nullptr;         // the bytes of the last call
  std::size_t begin = 0;            // of the request line
  std::size_t taken = 0;            // bytes that were looked at
  std::size_t name_begin = 0;       // of the field at hand
  std::size_t colon = 0;            // and its end, once `now` is stage::value
  request_line line;
  std::vector<field> fields;
  framing_fields framing;

  std::string decoded_path;
  request head;
};

void request_parser::implementation::reset() noexcept {
  now = stage::empty_lines;
  why = {};
  begin = taken = 0;
  fields.clear();
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
  if (!in_token(bytes[taken])) return reject({400, "malformed request line"});
  begin = taken;
  now = stage::line;
}

inline void request_parser::implementation::take_line(std::string_view bytes) noexcept {
  const std::size_t most = begin + line_limit + line_end.size();
  const std::size_t end = bytes.substr(0, most).find('\n', taken);
  if (end == bytes.npos) {
    taken = std::min(bytes.size(), most);
    if (taken == most) reject({414, "request line too long"});
    return;
  }
  if (const rejection wrong = line.read({bytes.data() + begin, end + 1 - begin})) return reject(wrong);
  framing = framing_fields(line.version);
  taken = name_begin = end + 1;
  now = stage::name;
}

/// Every byte is looked at once, in its order, and refused where RFC 9112, 5 does not have it: so a folded line, white space
/// before a colon, an empty name, a CR or LF alone mean nothing here, whatever they mean to who is in front of the server.
///
/// Whether there was a whole field, and there may be another.
inline bool request_parser::implementation::take_field(std::string_view bytes) {
  if (now == stage::name && !take_name(bytes)) return false;
  const std::size_t end = field_text_end(bytes, taken);
  if (!is_line_end(bytes, end)) {
    taken = end;
    if (!may_become_line_end(bytes, end)) reject({400, "malformed field value"});
    return false;
  }
  const char* const text = bytes.data();
  field& whole = fields.emplace_back();
  whole.name = {text + name_begin, colon - name_begin};
  whole.value = trimmed({text + colon + 1, end - colon - 1});
  framing.read(whole);
  taken = name_begin = end + line_end.size();
  now = stage::name;
  return true;
}

/// Whether there was one, and its colon.
inline bool request_parser::implementation::take_name(std::string_view bytes) {
  if (taken == bytes.size()) return false;
  if (bytes[name_begin] == '\r') return end_head(bytes), false;
  taken = colon = token_end(bytes, taken);
  if (colon == bytes.size()) return false;
  if (colon == name_begin || bytes[colon] != ':') return reject({400, "malformed field name"}), false;
  if (fields.size() == fields_limit) return reject({431, "too many fields"}), false;
  ++taken;
  now = stage::value;
  return true;
}

void request_parser::implementation::take_fields(std::string_view bytes) {
  const std::size_t most = begin + head_limit;
  const std::string_view window = bytes.substr(0, most);
  if (taken <= window.size())
    while (take_field(window)) {}
  if (in_fields() && window.size() == most) reject({431, "request head too large"});
}

/// Where a name would begin, there is a CR.
inline void request_parser::implementation::end_head(std::string_view bytes) {
  if (is_line_end(bytes, taken)) {
    taken += line_end.size();
    complete();
  } else if (!may_become_line_end(bytes, taken)) {
    reject({400, "malformed field name"});
  }
}

inline void request_parser::implementation::complete() {
  if (const rejection wrong = framing.verdict(line.parts.names_host())) return reject(wrong);
  make_request();
  now = stage::complete;
}

inline void request_parser::implementation::make_request() {
  head.method = line.method;
  head.target = line.target;
  head.raw_path = line.parts.path.empty() ? "/" : line.parts.path;
  head.path = head.raw_path;
  if (line.parts.encoded) {
    decoded_path.clear();
    append_decoded(decoded_path, head.raw_path);
    head.path = decoded_path;
  }
  head.root_path = {};
  head.query = line.parts.query;
  head.has_query = line.parts.has_query;
  head.version = line.version;
  head.body = framing.body();
  head.content_length = framing.length();
  head.authority = line.parts.authority.empty() ? framing.host() : line.parts.authority;    // RFC 9112, 3.2.2
  head.fields = fields;
}

request_parser::request_parser(const server_limits& limits) : self_(std::make_unique<implementation>(limits)) {}
request_parser::~request_parser() = default;

void request_parser::reset() noexcept { self_->reset(); }

request_parser::state request_parser::parse(std::string_view bytes) {
  using stage = implementation::stage;
  implementation& self = *self_;
  if (self.now < stage::complete && self.at != bytes.data()) {    // the views so far are of where the head was
    self.reset();
    self.at = bytes.data();
  }
  try {
    if (self.now == stage::empty_lines) self.skip_empty_lines(bytes);
    if (self.now == stage::line) self.take_line(bytes);
    if (self.in_fields()) self.take_fields(bytes);
  } catch (const std::bad_alloc&) {
    self.reject({503, "out of memory"});
  }
  if (self.now == stage::complete) return state::complete;
  return self.now == stage::rejected ? state::rejected : state::incomplete;
}

std::size_t request_parser::size() const noexcept { return self_->taken; }
rejection request_parser::why() const noexcept { return self_->why; }
request& request_parser::head() noexcept { return self_->head; }
const request& request_parser::head() const noexcept { return self_->head; }
bool request_parser::keep_alive() const noexcept { return self_->framing.keep_alive(); }
bool request_parser::upgrades() const noexcept { return self_->framing.upgrades(); }
bool request_parser::expects_continue() const noexcept { return self_->framing.expects_continue(); }
bool request_parser::chunked() const noexcept { return self_->framing.chunked(); }

}  // namespace csgi::http1
