// csgi/plugin.hpp - makes a shared library's app loadable by any server.
#pragma once
#include <csgi/application.hpp>
#include <csgi/version.hpp>
#include <stdexcept>

namespace csgi { inline namespace v1 {

/// What follows `--` on the command line of `csgi serve APP -- …`.
using arguments = std::span<const std::string_view>;

/// What a plug-in says of itself. The first three members never change their place, so that every host can tell
/// whether it understands the others.
struct plugin_manifest {
  std::uint32_t interface_major;
  std::uint32_t interface_minor;
  const char* toolchain;                    ///< see csgi::toolchain
  const char* name;                         ///< the exported type
  app_kind kind;
  application (*create)(arguments);         ///< may throw, to refuse its arguments for one
  void (*destroy)(application) noexcept;
};

template <class App>
application create_app(arguments given) {
  if constexpr (std::is_constructible_v<App, arguments>) {
    return *std::make_unique<App>(given).release();
  } else {
    if (!given.empty()) throw std::invalid_argument("takes no arguments, but was given \"" + std::string(given.front()) + '"');
    return *std::make_unique<App>().release();
  }
}

template <class App>
void destroy_app(application app) noexcept {
  if constexpr (std::is_base_of_v<blocking_app, App>) std::default_delete<blocking_app>()(&app.blocking());
  else if constexpr (std::is_base_of_v<async_app, App>) std::default_delete<async_app>()(&app.async());
  else std::default_delete<composite_app>()(&app.composite());
}

template <class App>
constexpr app_kind kind_of() noexcept {
  if constexpr (std::is_base_of_v<blocking_app, App>) return app_kind::blocking;
  else if constexpr (std::is_base_of_v<async_app, App>) return app_kind::async;
  else {
    static_assert(std::is_base_of_v<composite_app, App>, "an app derives from blocking_app, async_app or composite_app");
    return app_kind::composite;
  }
}

template <class App>
constexpr plugin_manifest manifest_of(const char* name) noexcept {
  return {interface_major, interface_minor, toolchain, name, kind_of<App>(), create_app<App>, destroy_app<App>};
}

}}  // namespace csgi::v1

/// Exports `App` from this shared library, once. Its constructor takes csgi::arguments, or nothing.
#define CSGI_EXPORT_APP(App)                                                                       \
  extern "C" __attribute__((visibility("default"))) const csgi::plugin_manifest* csgi_plugin() {   \
    static constexpr csgi::plugin_manifest manifest = csgi::manifest_of<App>(#App);                \
    return &manifest;                                                                              \
  }
