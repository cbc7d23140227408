// served_directory.hpp - for tests: a directory to serve, which is gone with the object.
#pragma once
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <sys/stat.h>

class served_directory {
 public:
  served_directory() {
    std::string name = (std::filesystem::temp_directory_path() / "csgi-files-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error("mkdtemp");
    base_ = name;
    std::filesystem::create_directory(base_ / "root");
    write("../outside.txt", "outside");
  }
  served_directory(const served_directory&) = delete;
  served_directory& operator=(const served_directory&) = delete;
  ~served_directory() { std::filesystem::remove_all(base_); }

  std::string path() const { return (base_ / "root").string(); }
  std::string path(const std::string& name) const { return path() + '/' + name; }

  void write(const std::string& name, const std::string& bytes) const {
    std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
    std::ofstream(path(name), std::ios::binary) << bytes;
  }
  void link(const std::string& name, const std::string& target) const {
    std::filesystem::create_symlink(target, path(name));
  }
  void date(const std::string& name, std::time_t seconds, long nanoseconds = 0) const {
    const timespec times[] = {{seconds, nanoseconds}, {seconds, nanoseconds}};
    ::utimensat(AT_FDCWD, path(name).c_str(), times, 0);
  }

 private:
  std::filesystem::path base_;
};
