// swap_server.cpp - see swap_server.hpp.
#include "swap_server.hpp"
#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <utility>

namespace csgi::conformance {

namespace {

constexpr std::string_view arguments_word = "{arguments}";

bool is_name_character(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

/// Words parted by spaces; '…' and "…" keep them together, a backslash takes the next character as it is, but not within '…'.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::optional<std::string> word;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0 && c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
      if (!word) word.emplace();
    } else if (quote == 0 && (c == ' ' || c == '\t' || c == '\n')) {
      if (word) words.push_back(*std::exchange(word, std::nullopt));
    } else {
      if (c == '\\' && quote != '\'' && i + 1 < text.size()) ++i;
      if (!word) word.emplace();
      *word += text[i];
    }
  }
  if (quote != 0) throw std::invalid_argument(std::string("--server: a quote is not closed in ") + std::string(text));
  if (word) words.push_back(*word);
  return words;
}

}  // namespace

swap_server to_swap_server(const std::string& text, const std::vector<std::string>& arguments) {
  swap_server made;
  std::string_view rest = text;
  const auto name_end = std::ranges::find_if_not(rest, is_name_character);
  if (name_end != rest.begin() && name_end != rest.end() && *name_end == '=') {
    made.name.assign(rest.begin(), name_end);
    rest.remove_prefix(made.name.size() + 1);
  }
  bool takes_arguments = false;
  for (auto& word : words_of(rest)) {
    if (word == arguments_word) {
      takes_arguments = true;
      made.command.insert(made.command.end(), arguments.begin(), arguments.end());
    } else {
      made.command.push_back(std::move(word));
    }
  }
  if (made.command.empty()) throw std::invalid_argument("--server: a command is missing");
  if (!takes_arguments && !arguments.empty())
    throw std::invalid_argument("--server: where do the app's arguments belong? {arguments} is missing in " + text);
  return made;
}

void name_all(std::vector<swap_server>& servers) {
  std::set<std::string> taken;
  for (auto& each : servers) {
    if (each.name.empty()) each.name = std::filesystem::path(each.command.front()).filename();
    const std::string wanted = each.name;
    for (int number = 2; !taken.insert(each.name).second; ++number) each.name = wanted + '-' + std::to_string(number);
  }
}

}  // namespace csgi::conformance
