// served_pair.hpp - an app on a server, in processes of their own, and what is known of them from outside.
#pragma once
#include "soaked_app.hpp"
#include "tally.hpp"
#include <csgi/conformance/subject.hpp>
#include <memory>

namespace csgi::soak {

/// Where things are.
struct places {
  std::filesystem::path command;      ///< csgi
  std::filesystem::path apps;         ///< the directory of the plug-ins
  std::filesystem::path requests;     ///< that of the files of requests
  std::filesystem::path documents;    ///< files to serve
};

/// Of a process.
struct figures {
  std::size_t resident = 0;       ///< bytes
  std::size_t descriptors = 0;
};

/// A directory of its own, for as long as this.
class own_directory {
 public:
  own_directory();
  own_directory(const own_directory&) = delete;
  own_directory& operator=(const own_directory&) = delete;
  ~own_directory();

  std::filesystem::path operator/(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

class served_pair {
 public:
  /// Threads:   the processes end with the thread that constructed this.
  /// Errors:    conformance::not_a_subject; std::system_error, std::filesystem::filesystem_error.
  served_pair(const places& where, const soaked_app& app, const std::string& server);
  served_pair(const served_pair&) = delete;
  served_pair& operator=(const served_pair&) = delete;

  std::uint16_t port() const noexcept { return served_->port(); }

  /// When nobody visits any more: waits until the server has noticed, which is when its descriptors are no more than `before`.
  figures at_rest(std::size_t before) const;

  /// Asks it to stop and demands that it does so, in good health and without complaints.
  void end(tally& counted);

 private:
  std::unique_ptr<conformance::running_subject> start(const std::filesystem::path& plugin, const std::string& server,
                                                      const std::vector<std::string>& arguments) const;

  const places& where_;
  const own_directory directory_;
  std::vector<std::unique_ptr<conformance::running_subject>> helpers_;
  std::unique_ptr<conformance::running_subject> served_;
};

/// The plug-in of an app, if it was built.
std::filesystem::path plugin_of(const places& where, const soaked_app& app);

}  // namespace csgi::soak
