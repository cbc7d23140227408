// seeds.cpp - see seeds.hpp.
#include "seeds.hpp"
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string_view>

namespace {

char byte_of(const std::string& digits) {
  char* end = nullptr;
  const auto value = std::strtoul(digits.c_str(), &end, 16);
  if (digits.size() != 2 || *end != '\0') throw std::runtime_error("\\x wants two hexadecimal digits, not \"" + digits + '"');
  return static_cast<char>(value);
}

std::string unescaped(const std::string& line) {
  constexpr std::string_view letters = "rnt\\", meant = "\r\n\t\\";
  std::string bytes;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '\\') {
      bytes += line[i];
      continue;
    }
    const char letter = ++i < line.size() ? line[i] : '\0';
    if (const auto known = letters.find(letter); known != letters.npos) {
      bytes += meant[known];
    } else if (letter == 'x') {
      bytes += byte_of(line.substr(i + 1, 2));
      i += 2;
    } else {
      throw std::runtime_error("a backslash that stands for nothing in: " + line);
    }
  }
  return bytes;
}

}  // namespace

std::vector<std::string> read_seeds(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> seeds;
  bool within = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    if (!line.empty() && !within) seeds.emplace_back();
    within = !line.empty();
    if (within) seeds.back() += unescaped(line);
  }
  if (seeds.empty()) throw std::runtime_error("no seeds in " + path);
  return seeds;
}
