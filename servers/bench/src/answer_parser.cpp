#include "answer_parser.hpp"
#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>

namespace csgi::bench {

namespace {

constexpr std::size_t most_of_line = 64 * 1024;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::uint64_t number_in(std::string_view text, int base) {
  std::uint64_t value = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), value, base).ec != std::errc())
    throw std::runtime_error("the server's answer holds no number in \"" + std::string(text.substr(0, 40)) + '"');
  return value;
}

// A field of a head in small letters, without the white space before it.
std::optional<std::string_view> field(std::string_view head, std::string_view name) {
  const auto at = head.find("\r\n" + std::string(name) + ':');
  if (at == std::string_view::npos) return std::nullopt;
  auto value = head.substr(at + 2 + name.size() + 1);
  value = value.substr(0, value.find("\r\n"));
  value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
  return value;
}

}  // namespace

std::size_t answer_parser::take(std::string_view bytes) {
  if (state_ == state::whole) {
    state_ = state::head;
    body_ = 0;
  }
  std::size_t taken = 0;
  while (taken < bytes.size() && state_ != state::whole) taken += take_some(bytes.substr(taken));
  return taken;
}

std::size_t answer_parser::take_some(std::string_view bytes) {
  switch (state_) {
    case state::head: return take_head(bytes);
    case state::body: return take_data(bytes, state::whole);
    case state::chunk: return take_data(bytes, state::chunk_end);
    default: return take_line(bytes);
  }
}

std::size_t answer_parser::take_head(std::string_view bytes) {
  const std::size_t before = line_.size();
  line_ += bytes.substr(0, most_of_line);
  const auto end = line_.find("\r\n\r\n", before < 3 ? 0 : before - 3);
  if (end == std::string::npos) {
    if (line_.size() > most_of_line) throw std::runtime_error("the server's answer has no end of its head");
    return line_.size() - before;
  }
  line_.resize(end + 2);
  std::ranges::transform(line_, line_.begin(), lower);
  if (!line_.starts_with("http/1.")) throw std::runtime_error("the server's answer is not of HTTP/1");
  status_ = static_cast<int>(number_in(std::string_view(line_).substr(9), 10));
  if (const auto coding = field(line_, "transfer-encoding"); coding == "chunked") {
    state_ = state::chunk_head;
  } else if (const auto length = field(line_, "content-length")) {
    left_ = number_in(*length, 10);
    state_ = left_ > 0 ? state::body : state::whole;
  } else {
    throw std::runtime_error("the server's answer has no length: " + line_.substr(0, line_.find('\r')));
  }
  line_.clear();
  return end + 4 - before;
}

std::size_t answer_parser::take_data(std::string_view bytes, state then) {
  const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
  body_ += taken;
  left_ -= taken;
  if (left_ == 0) state_ = then;
  return taken;
}

std::size_t answer_parser::take_line(std::string_view bytes) {
  const auto end = bytes.find('\n');
  if (end == std::string_view::npos) {
    line_ += bytes;
    if (line_.size() > most_of_line) throw std::runtime_error("the server's chunks have no end of a line");
    return bytes.size();
  }
  line_ += bytes.substr(0, end);
  if (line_.ends_with('\r')) line_.pop_back();
  end_line();
  line_.clear();
  return end + 1;
}

void answer_parser::end_line() {
  switch (state_) {
    case state::chunk_head:
      left_ = number_in(line_, 16);
      state_ = left_ > 0 ? state::chunk : state::trailer;
      break;
    case state::chunk_end:
      if (!line_.empty()) throw std::runtime_error("the server's chunk is longer than it says");
      state_ = state::chunk_head;
      break;
    default:
      if (line_.empty()) state_ = state::whole;
  }
}

}  // namespace csgi::bench
