#include "chunk_line.hpp"
#include "trailer_section.hpp"
#include <algorithm>
#include <csgi/field_syntax.hpp>
#include <csgi/serving/body_decoder.hpp>
#include <new>
#include <string>
#include <vector>

namespace csgi { inline namespace v1 {

/// How far a body is.
struct body_progress {
  enum class stage : unsigned char { counted, chunk_line, chunk_data, chunk_end, trailers, over, rejected };

  csgi::chunk_line line;
  trailer_section trailers;
  std::uint64_t run = 0;          // bytes to come before the next framing byte
  std::uint64_t rest = 0;         // of the length, or of the limit
  bool chunked = false;
  bool half_end = false;          // the CR behind a chunk was there
  stage now = stage::over;
  rejection why;
};

struct body_decoder::implementation : body_progress {
  void reset(bool is_chunked, std::uint64_t length, std::uint64_t limit) noexcept;
  step take_data(std::string_view received) noexcept;
  step unchunk(std::string_view received) noexcept;
  std::size_t take_framing(std::string_view received) noexcept;
  std::size_t take_line(std::string_view received) noexcept;
  std::size_t take_chunk_end(char byte) noexcept;
  std::size_t take_trailers(std::string_view received) noexcept;
  void reject(rejection r) noexcept;
  void list_trailers();

  std::string trailer_text;         // of the fields so far
  std::vector<field> trailer_fields;
};

void body_decoder::implementation::reset(bool is_chunked, std::uint64_t length, std::uint64_t limit) noexcept {
  static_cast<body_progress&>(*this) = {};
  trailer_text.clear();
  trailer_fields.clear();
  chunked = is_chunked;
  rest = chunked ? limit : length;
  run = chunked ? 0 : length;
  if (chunked) now = stage::chunk_line;
  else now = length == 0 ? stage::over : stage::counted;
}

void body_decoder::implementation::reject(rejection r) noexcept {
  why = r;
  now = stage::rejected;
}

body_decoder::step body_decoder::implementation::take_data(std::string_view received) noexcept {
  const std::string_view data =
      received.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(received.size(), run)));
  if (data.empty()) return {state::more, 0, {}};
  run -= data.size();
  rest -= data.size();
  if (run == 0) now = chunked ? stage::chunk_end : stage::over;
  return {state::data, data.size(), data};
}

std::size_t body_decoder::implementation::take_line(std::string_view received) noexcept {
  const auto [result, consumed] = line.take(received);
  if (result == chunk_line::state::rejected) {
    reject({400, "malformed chunk size or extension"});
  } else if (result == chunk_line::state::complete) {
    run = line.size();
    line = {};
    if (run > rest) reject({413, "request body too large"});
    else now = run == 0 ? stage::trailers : stage::chunk_data;
  }
  return consumed;
}

std::size_t body_decoder::implementation::take_chunk_end(char byte) noexcept {
  if (byte != (half_end ? '\n' : '\r')) reject({400, "no CRLF behind a chunk"});
  else if (half_end) now = stage::chunk_line;
  half_end = !half_end;
  return 1;
}

std::size_t body_decoder::implementation::take_trailers(std::string_view received) noexcept {
  const auto [result, consumed] = trailers.take(received);
  if (result == trailer_section::state::rejected) {
    reject({400, "malformed trailers"});
    return consumed;
  }
  try {
    trailer_text.append(received.substr(0, consumed));
    if (result == trailer_section::state::complete) {
      list_trailers();
      now = stage::over;
    }
  } catch (const std::bad_alloc&) {
    reject({503, "no memory for trailers"});
  }
  return consumed;
}

/// What was checked byte by byte is lines of a name, a colon and a value.
void body_decoder::implementation::list_trailers() {
  constexpr std::string_view line_end = "\r\n";
  std::string_view lines = trailer_text;
  for (auto end = lines.find(line_end); end > 0; end = lines.find(line_end)) {
    const auto colon = lines.find(':');
    trailer_fields.push_back({lines.substr(0, colon), trimmed(lines.substr(colon + 1, end - colon - 1))});
    lines.remove_prefix(end + line_end.size());
  }
}

std::size_t body_decoder::implementation::take_framing(std::string_view received) noexcept {
  switch (now) {
    case stage::chunk_line: return take_line(received);
    case stage::chunk_end: return take_chunk_end(received[0]);
    default: return take_trailers(received);
  }
}

body_decoder::step body_decoder::implementation::unchunk(std::string_view received) noexcept {
  std::size_t consumed = 0;
  while (consumed < received.size() && now != stage::over && now != stage::rejected) {
    if (now == stage::chunk_data) {
      step data = take_data(received.substr(consumed));
      data.consumed += consumed;
      return data;
    }
    consumed += take_framing(received.substr(consumed));
  }
  if (now == stage::rejected) return {state::rejected, consumed, {}};
  return {now == stage::over ? state::end : state::more, consumed, {}};
}

body_decoder::body_decoder() : self_(std::make_unique<implementation>()) {}
body_decoder::~body_decoder() = default;

void body_decoder::reset(bool chunked, std::uint64_t length, std::uint64_t limit) noexcept {
  self_->reset(chunked, length, limit);
}

body_decoder::step body_decoder::decode(std::string_view received) noexcept {
  using stage = implementation::stage;
  switch (self_->now) {
    case stage::over: return {state::end, 0, {}};
    case stage::rejected: return {state::rejected, 0, {}};
    case stage::counted: return self_->take_data(received);
    default: return self_->unchunk(received);
  }
}

bool body_decoder::over() const noexcept { return self_->now == implementation::stage::over; }
std::uint64_t body_decoder::rest() const noexcept { return self_->rest; }
std::span<const field> body_decoder::trailers() const noexcept {
  if (!over()) return {};
  return self_->trailer_fields;
}

rejection body_decoder::why() const noexcept { return self_->why; }

}}  // namespace csgi::v1
