// replay.cpp - the main() of a fuzz target without libFuzzer: every seed of a file once.
#include "seeds.hpp"
#include <iostream>
#include <memory>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size);

int main(int count, char** arguments) try {
  if (count != 2) return 2;
  const auto seeds = read_seeds(arguments[1]);
  for (const auto& seed : seeds) {
    const auto exact = std::make_unique<unsigned char[]>(seed.size());      // so that reading beyond it shows
    std::copy(seed.begin(), seed.end(), exact.get());
    LLVMFuzzerTestOneInput(exact.get(), seed.size());
  }
  std::cout << seeds.size() << " seeds hold\n";
  return 0;
} catch (const std::exception& failure) {
  std::cerr << failure.what() << '\n';
  return 1;
}
