// unfold.cpp - writes each seed of a file as a file of its own, as libFuzzer wants them: unfold SEEDS DIRECTORY.
#include "seeds.hpp"
#include <filesystem>
#include <fstream>
#include <iostream>

int main(int count, char** arguments) try {
  if (count != 3) return 2;
  const std::filesystem::path into = arguments[2];
  std::filesystem::remove_all(into);
  std::filesystem::create_directories(into);
  int number = 0;
  for (const auto& seed : read_seeds(arguments[1])) std::ofstream(into / std::to_string(++number), std::ios::binary) << seed;
  return 0;
} catch (const std::exception& failure) {
  std::cerr << failure.what() << '\n';
  return 1;
}
