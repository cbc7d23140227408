// files.hpp - an app that serves the files of one directory.
#pragma once
#include "root_argument.hpp"
#include "root_directory.hpp"
#include <csgi/app.hpp>
#include <sys/stat.h>

/// Answers GET and HEAD with files below `--root DIR`: whole, in part (Range), or not at all when the client has them
/// (conditional requests); and with index.html or a listing for directories. With `--follow-links`, also with what symbolic links
/// lead to that is elsewhere.
///
/// A blocking app, because opening and looking at files blocks; sending one is its last operation, for which a server
/// needs no thread.
class files final : public csgi::blocking_app {
 public:
  /// Errors:    std::invalid_argument for other arguments than these, or where DIR is no directory.
  explicit files(csgi::arguments given);
  explicit files(const std::string& root) : root_(root) {}
  explicit files(const served_root& root);

  void http(csgi::blocking_exchange ex) override;

 private:
  void send_directory(csgi::blocking_exchange ex, file_descriptor directory, std::string_view path) const;

  root_directory root_;
};
