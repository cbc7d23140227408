// messages.cpp - see messages.hpp.
#include "messages.hpp"
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <unistd.h>

namespace csgi::conformance {

namespace {

void put(std::string& to, std::string_view text) {
  const auto size = static_cast<std::uint32_t>(text.size());
  to.append(reinterpret_cast<const char*>(&size), sizeof size);
  to += text;
}

std::string take(std::string_view& from) {
  std::uint32_t size = 0;
  std::memcpy(&size, from.data(), sizeof size);
  std::string text(from.substr(sizeof size, size));
  from.remove_prefix(sizeof size + size);
  return text;
}

void copy(char* to, std::size_t size, const std::string& text) noexcept {
  const auto length = std::min(text.size(), size - 1);
  std::copy_n(text.data(), length, to);
  to[length] = '\0';
}

}  // namespace

void whereabouts::say(const std::string& request, const std::string& how) noexcept {
  copy(form, sizeof form, request);
  copy(words, sizeof words, how);
}

void messenger::tell(const app_finding& f) {
  {
    const std::lock_guard lock(mutex_);
    auto& told = told_[f.how == verdict::fail ? 1 : 0];
    const std::pair one(f.what, f.form);
    const auto at = std::ranges::lower_bound(told, one);
    if (at != told.end() && *at == one) return;
    told.insert(at, one);
  }
  send({message::kind::finding, f, {}});
}

void messenger::send(const message& m) {
  std::string body{static_cast<char>(m.what), static_cast<char>(m.finding.what), static_cast<char>(m.finding.how)};
  for (const auto& text : {m.finding.form, m.finding.reason, m.finding.transcript, m.text}) put(body, text);
  std::string bytes;
  put(bytes, body);
  const std::lock_guard lock(mutex_);
  for (std::string_view left = bytes; !left.empty();) {
    const auto went = ::write(pipe_, left.data(), left.size());
    if (went < 0 && errno != EINTR) return;
    if (went > 0) left.remove_prefix(static_cast<std::size_t>(went));
  }
}

bool mailbox::fill(std::chrono::milliseconds patience) {
  constexpr std::chrono::milliseconds pause{100};
  pollfd readable{pipe_, POLLIN, 0};
  int ready = 0;
  for (; ready == 0 && patience > pause; patience -= pause)     // not at once: time in which both ends were stopped does not count
    ready = ::poll(&readable, 1, static_cast<int>(pause.count()));
  if (ready <= 0) return false;
  char bytes[16 * 1024];
  const auto got = ::read(pipe_, bytes, sizeof bytes);
  closed_ = got <= 0;
  if (closed_) return false;
  bytes_.append(bytes, static_cast<std::size_t>(got));
  return true;
}

std::optional<message> mailbox::next(std::chrono::milliseconds patience) {
  std::uint32_t size = 0;
  const auto whole = [&] {
    if (bytes_.size() < sizeof size) return false;
    std::memcpy(&size, bytes_.data(), sizeof size);
    return bytes_.size() >= sizeof size + size;
  };
  while (!whole())
    if (!fill(patience)) return std::nullopt;
  std::string_view body = std::string_view(bytes_).substr(sizeof size, size);
  message m{static_cast<message::kind>(body[0]), {static_cast<check>(body[1]), {}, static_cast<verdict>(body[2]), {}, {}}, {}};
  body.remove_prefix(3);
  m.finding.form = take(body);
  m.finding.reason = take(body);
  m.finding.transcript = take(body);
  m.text = take(body);
  bytes_.erase(0, sizeof size + size);
  return m;
}

}  // namespace csgi::conformance
