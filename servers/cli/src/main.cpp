// The csgi command: serves plug-ins with the servers of this project.
#include <csgi/description.hpp>
#include <csgi/lint.hpp>
#include <csgi/plugin_library.hpp>
#include <csgi/stop_on_signal.hpp>
#include <csignal>
#include <iostream>
#include <optional>
#include <sys/resource.h>
#include "app_tree.hpp"
#include "command_line.hpp"
#include "console.hpp"
#include "find_app.hpp"
#include "make_server.hpp"

namespace csgi::cli {

namespace {

std::unique_ptr<server> listen(const command& asked) {
  try {
    return make_server(asked.server, asked.options);
  } catch (const std::invalid_argument& error) {
    throw usage_error(error.what());
  }
}

/// A connection is a descriptor, and shells start programs with 1,024 of them although more are allowed.
void allow_many_connections() noexcept {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
}

void ignore_stop_signals() noexcept {
  sigset_t both;
  sigemptyset(&both);
  sigaddset(&both, SIGINT);
  sigaddset(&both, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &both, nullptr);
}

plugin_library::owned_app make_app(const plugin_library& library, const command& asked) {
  const std::vector<std::string_view> given(asked.app_arguments.begin(), asked.app_arguments.end());
  return library.make_app(given);
}

void serve(command asked) {
  allow_many_connections();
  const plugin_library library(find_app(asked.app));
  const auto app = make_app(library, asked);

  asked.options.app_name = library.manifest().name;
  const auto kind = std::string(to_string(app.get().kind()));
  console terminal({.what = asked.options.app_name + " (" + kind + ") on " + asked.server,
                    .access_log = asked.access_log, .least_level = asked.least_level});
  asked.options.observer = &terminal;
  const auto server = listen(asked);
  const stop_on_signal stops(*server);
  std::optional<lint> checked;
  if (asked.lint) checked.emplace(app.get());
  server->run(checked ? application(*checked) : app.get());
  ignore_stop_signals();  // it has stopped: one more signal must not end it otherwise than by its exit code
}

/// Nothing, and why, where an app that was given no arguments wants some: its plug-in can be told of anyway.
std::optional<plugin_library::owned_app> make_if_possible(const plugin_library& library, const command& asked, std::string& why_not) {
  try {
    return make_app(library, asked);
  } catch (const std::runtime_error& refused) {
    if (!asked.app_arguments.empty()) throw;
    why_not = refused.what();
    return std::nullopt;
  }
}

void inspect(const command& asked) {
  const plugin_library library(find_app(asked.app));
  std::string why_not;
  const auto app = make_if_possible(library, asked, why_not);
  const auto& manifest = library.manifest();
  std::cout << "path:       " << std::filesystem::canonical(library.path()).string() << '\n'
            << "name:       " << manifest.name << '\n'
            << "kind:       " << to_string(manifest.kind) << '\n'
            << "interface:  " << manifest.interface_major << '.' << manifest.interface_minor << '\n'
            << "toolchain:  " << manifest.toolchain << '\n';
  if (!app)
    std::cout << '\n' << why_not << "\nWhat it is made of is shown with its arguments: csgi inspect " << asked.app << " -- ARGUMENTS\n";
  else if (described_by(app->get()))
    std::cout << '\n' << tree_of(manifest.name, app->get());
}

void perform(command asked) {
  switch (asked.what) {
    case verb::serve: return serve(std::move(asked));
    case verb::inspect: return inspect(asked);
    case verb::show: std::cout << asked.text; return;
  }
}

}  // namespace

}  // namespace csgi::cli

int main(int argc, char** argv) {
  try {
    csgi::cli::perform(csgi::cli::parse(argc, argv));
    return 0;
  } catch (const csgi::cli::usage_error& error) {
    csgi::cli::complain(error.what());
    return 2;
  } catch (const std::exception& error) {
    csgi::cli::complain(error.what());
    return 1;
  }
}
