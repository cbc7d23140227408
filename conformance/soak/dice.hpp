// dice.hpp - what is left to chance in one visit; the same number gives the same chances again.
#pragma once
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace csgi::soak {

class dice {
 public:
  explicit dice(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t seed() { return engine_(); }

  /// Both ends are possible.
  std::size_t from(std::size_t least, std::size_t most) { return least + engine_() % (most - least + 1); }
  bool one_in(std::size_t many) { return from(1, many) == 1; }

  template <class Value>
  const Value& one_of(const std::vector<Value>& values) {
    return values[from(0, values.size() - 1)];
  }

  std::string bytes(std::size_t size) { return made(size, '\0', 256); }
  std::string letters(std::size_t size) { return made(size, 'a', 26); }

 private:
  std::string made(std::size_t size, char first, std::size_t kinds) {
    std::string text(size, first);
    for (char& each : text) each = static_cast<char>(static_cast<unsigned char>(first) + engine_() % kinds);
    return text;
  }

  std::mt19937_64 engine_;
};

}  // namespace csgi::soak
