// root_directory.hpp - opens files below one directory, and never one outside of it unless it is told to follow links there.
#pragma once
#include "file_descriptor.hpp"
#include <string>
#include <string_view>

class root_directory {
 public:
  /// How a path is kept inside: by the kernel, which still follows symbolic links that stay below the root; or step by
  /// step where the kernel cannot (before Linux 5.6, or filtered), following none.
  /// `none`: links are followed wherever they lead.
  enum class containment : unsigned char { by_kernel, by_steps, none };

  /// What becomes of symbolic links that lead outside.
  enum class links : unsigned char { kept_inside, followed };

  /// Errors:    std::invalid_argument where `path` is no directory that can be opened.
  explicit root_directory(const std::string& path, links which = links::kept_inside);
  root_directory(const std::string& path, containment how);

  /// Opens the file or directory of that path below the root, for reading; "" is the root. Nothing where there is none
  /// to be had: absent, no permission, a link to the outside that is not to be followed, or a path that is_plain() refuses.
  ///
  /// Never waits: a FIFO without a writer is opened, too, so that the caller looks at what it got.
  /// Errors:    std::system_error where the process is out of descriptors or memory.
  file_descriptor open(std::string_view path) const;

  /// Whether a path is made of plain names with single slashes between: no "." or "..", no empty name, no NUL, and no
  /// hidden name (which begins with a dot) but ".well-known" (RFC 8615).
  static bool is_plain(std::string_view path) noexcept;

 private:
  file_descriptor root_;
  containment how_;
};
