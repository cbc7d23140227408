// price.hpp - a made-up price that goes up and down.
#pragma once
#include <random>
#include <string>

namespace ticking {

/// Threads:   one at a time.
class price {
 public:
  explicit price(std::uint64_t seed) : random_(seed) {}

  void move() {
    std::uniform_int_distribution<int> step(-75, 75);
    cents_ += step(random_);
    if (cents_ < 100) cents_ = 100;
  }

  /// With two digits behind the point.
  std::string text() const {
    auto digits = std::to_string(cents_);
    return digits.insert(digits.size() - 2, 1, '.');
  }

 private:
  std::mt19937_64 random_;
  int cents_ = 100'00;
};

}  // namespace ticking
