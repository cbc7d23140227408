// player.cpp - see player.hpp.
#include "player.hpp"

namespace csgi::conformance {

namespace {

constexpr std::size_t most_told = 64;     // bytes

arguments split(std::string_view text, char at) {
  arguments parts;
  for (;;) {
    const auto end = std::min(text.find(at), text.size());
    parts.emplace_back(text.substr(0, end));
    if (end == text.size()) return parts;
    text.remove_prefix(end + 1);
  }
}

unsigned digit(char c) noexcept { return static_cast<unsigned>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10); }

std::string decoded(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool coded = text[i] == '%' && i + 2 < text.size();
    bytes += coded ? static_cast<char>(digit(text[i + 1]) << 4 | digit(text[i + 2])) : text[i];
    if (coded) i += 2;
  }
  return bytes;
}

command find_command(std::string_view name) noexcept {
  for (const auto find : {find_socket_command, find_overlapping_command, find_exchange_command})
    if (const command found = find(name)) return found;
  return nullptr;
}

/// Whether there has to be a WebSocket for it.
bool needs_socket(std::string_view name) noexcept { return name != "find" && (find_socket_command(name) || find_overlapping_command(name)); }

/// What a front throws is what is told. An app's own failure is let through.
task<std::string> performed(player& by, command act, const arguments& with) {
  std::error_code failed;
  try {
    auto acting = act(by, with);
    std::string outcome = co_await std::move(acting);
    co_return outcome;
  } catch (const error& thrown) {
    failed = thrown.code();
  }
  co_return name_of(failed);
}

/// Notes how each command went. A request that is not answered by then is answered with that.
task<> play(visit v) {
  player by(v);
  std::string lines;
  for (const auto& each : split(v.ex.head().query, ',')) {
    arguments words = split(each, ':');
    const std::string name = words.front();
    words.erase(words.begin());
    for (auto& word : words) word = decoded(word);
    const command act = find_command(name);
    if (act == nullptr) throw std::runtime_error("the probe knows no command " + name);
    std::string outcome = "absent";
    if (by.socket || !needs_socket(name)) {
      auto performing = performed(by, act, words);
      outcome = co_await std::move(performing);
    }
    v.note(name + ": " + outcome);
    lines += name + ": " + outcome + '\n';
  }
  if (v.ex.phase() == phase::open) co_await v.ex.respond(200, "text/plain", lines);
}

}  // namespace

std::vector<field> fields_from(const arguments& all, std::size_t place) {
  std::vector<field> fields;
  for (; place < all.size(); ++place) {
    const std::string_view text = all[place];
    const auto equals = std::min(text.find('='), text.size());
    fields.push_back({text.substr(0, equals), text.substr(std::min(equals + 1, text.size()))});
  }
  return fields;
}

std::string told_of(std::string_view bytes) {
  if (bytes.size() > most_told) return std::to_string(bytes.size()) + (bytes == pattern(bytes.size()) ? " bytes of the pattern" : " bytes");
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f) text += c;
    else text.append("\\x").append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
  }
  return text;
}

std::string told_of(const message& got, const player& by) {
  if (!got) {
    const websocket_end how = by.socket.end();
    return "over " + std::to_string(how.code) + ' ' + told_of(how.reason) + (how.clean ? ", clean" : ", unclean");
  }
  return (got.kind == message_kind::text ? "text " : "binary ") + std::string(got.last ? "" : "part ") + told_of(got.data);
}

behaviour find_playing_behaviour(std::string_view path) noexcept { return path == "/play" ? play : nullptr; }

}  // namespace csgi::conformance
