// temporary_directory.hpp - a directory of a test's own.
#pragma once
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

class temporary_directory {
 public:
  temporary_directory() {
    std::string name = (std::filesystem::temp_directory_path() / "csgi-test-XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error("no temporary directory");
    path_ = name;
  }
  temporary_directory(const temporary_directory&) = delete;
  temporary_directory& operator=(const temporary_directory&) = delete;
  ~temporary_directory() { std::filesystem::remove_all(path_); }

  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  const std::filesystem::path& path() const { return path_; }
  void touch(const std::string& name) const { std::ofstream(path_ / name).put('\n'); }

 private:
  std::filesystem::path path_;
};
