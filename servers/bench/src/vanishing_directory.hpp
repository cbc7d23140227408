// vanishing_directory.hpp - a directory that goes when the program does, however it ends.
#pragma once
#include <filesystem>
#include <string>
#include <sys/types.h>

/// Another process waits for the end of this one, and removes it: signals are left alone, and SIGKILL cannot be had anyway.
class vanishing_directory {
 public:
  /// In the directory for temporary files, `name` and something behind it.
  ///
  /// Requires: there are no threads yet. Errors: std::system_error.
  explicit vanishing_directory(const std::string& name);
  vanishing_directory(const vanishing_directory&) = delete;
  vanishing_directory& operator=(const vanishing_directory&) = delete;
  ~vanishing_directory();

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  int lifeline_ = -1;
  pid_t remover_ = -1;
};
