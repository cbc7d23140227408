// spool_directory.hpp - for tests: a directory for a spool, which is gone with the object.
#pragma once
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

class spool_directory {
 public:
  spool_directory() {
    std::string name = (std::filesystem::temp_directory_path() / "csgi-spool-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error("mkdtemp");
    path_ = name;
  }
  spool_directory(const spool_directory&) = delete;
  spool_directory& operator=(const spool_directory&) = delete;
  ~spool_directory() { std::filesystem::remove_all(path_); }

  std::string path() const { return path_.string(); }

  /// The names in "new", "sent" or "tmp", sorted.
  std::vector<std::string> names(const std::string& in) const {
    std::vector<std::string> all;
    for (const auto& entry : std::filesystem::directory_iterator(path_ / in)) all.push_back(entry.path().filename().string());
    std::sort(all.begin(), all.end());
    return all;
  }
  std::string bytes(const std::string& in, const std::string& name) const {
    std::ifstream file(path_ / in / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void write(const std::string& in, const std::string& name, const std::string& bytes) const {
    std::filesystem::create_directories(path_ / in);
    std::ofstream(path_ / in / name, std::ios::binary) << bytes;
  }

 private:
  std::filesystem::path path_;
};
