// csgi/plugin_library.hpp - loads a plug-in and makes its app.
#pragma once
#include <csgi/plugin.hpp>
#include <filesystem>

namespace csgi { inline namespace v1 {

/// The code of one plug-in, loaded and found to fit. A loaded file stays loaded until the process ends: frames,
/// exceptions and deleters may still lead into it, so unloading code is never safe.
///
///   const csgi::plugin_library library("./hello.so");
///   const auto app = library.make_app();
///   server.run(app.get());
class plugin_library {
 public:
  /// Owns one app and destroys it by the plug-in's own code.
  class owned_app {
   public:
    owned_app(const plugin_manifest& maker, application app) noexcept : maker_(&maker), app_(app) {}
    owned_app(owned_app&& other) noexcept : maker_(std::exchange(other.maker_, nullptr)), app_(other.app_) {}
    owned_app& operator=(owned_app&&) = delete;
    ~owned_app() {
      if (maker_) maker_->destroy(app_);
    }

    /// Lifetime:  the app is borrowed from this object.
    application get() const noexcept { return app_; }

   private:
    const plugin_manifest* maker_;
    application app_;
  };

  /// Loads the shared library at `path`. A path is never looked up in the system's library directories.
  ///
  /// Errors:    std::runtime_error, whose what() is one line that names the file: it cannot be read, is not a shared
  ///            library, is not a CSGI plug-in, or was built for another interface or another standard library.
  explicit plugin_library(const std::filesystem::path& path);

  /// Makes an app of it, from what the operator gave for it.
  ///
  /// Errors:    std::runtime_error, whose what() says what the app's constructor threw.
  owned_app make_app(arguments given = {}) const;

  const std::filesystem::path& path() const noexcept { return path_; }

  /// Lifetime:  the process's.
  const plugin_manifest& manifest() const noexcept { return *manifest_; }

 private:
  std::filesystem::path path_;
  const plugin_manifest* manifest_;
};

}}  // namespace csgi::v1
