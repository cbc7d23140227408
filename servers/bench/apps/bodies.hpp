// bodies.hpp - what the apps with large bodies, one of each kind, have in common.
#pragma once
#include <csgi/app.hpp>
#include <fcntl.h>
#include <stdexcept>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

/// The file behind GET /file, named by the one argument.
class served_file {
 public:
  explicit served_file(csgi::arguments given)
      : descriptor_(given.size() == 1 ? ::open(std::string(given.front()).c_str(), O_RDONLY | O_CLOEXEC) : -1) {
    struct stat facts {};
    if (descriptor_ < 0 || ::fstat(descriptor_, &facts) != 0) throw std::invalid_argument("takes a file");
    size_ = static_cast<std::uint64_t>(facts.st_size);
    length_ = std::to_string(size_);
  }
  served_file(const served_file&) = delete;
  served_file& operator=(const served_file&) = delete;
  ~served_file() { ::close(descriptor_); }

  int descriptor() const noexcept { return descriptor_; }
  std::uint64_t size() const noexcept { return size_; }       ///< bytes
  std::string_view length() const noexcept { return length_; }

 private:
  int descriptor_;
  std::uint64_t size_ = 0;
  std::string length_;
};

/// What GET /stream sends so many times.
inline const std::string stream_chunk(64 * 1024, 'x');
constexpr int stream_chunks = 1600;

constexpr std::string_view bytes_type = "application/octet-stream";

/// For each kind of exchange: the heads of the three answers.
inline void start_echo(csgi::exchange_handle ex) {
  ex.start(200, {{"content-type", bytes_type}, {"content-length", ex.head().field("content-length").value_or("0")}});
}
inline void start_file(csgi::exchange_handle ex, const served_file& file) {
  ex.start(200, {{"content-type", bytes_type}, {"content-length", file.length()}});
}
inline void start_stream(csgi::exchange_handle ex) { ex.start(200, {{"content-type", bytes_type}}); }
