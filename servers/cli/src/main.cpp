// The csgi command: serves plug-ins with the servers of this project.
#include <csgi/description.hpp>
#include <iostream>
#include <optional>
#include "app_tree.hpp"
#include "complaints.hpp"
#include "find_app.hpp"
#include "serve.hpp"

namespace csgi::cli {

namespace {

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

int perform(command asked) {
  switch (asked.what) {
    case verb::serve: return serve(std::move(asked));
    case verb::inspect: inspect(asked); break;
    case verb::show: std::cout << asked.text; break;
  }
  return 0;
}

}  // namespace

}  // namespace csgi::cli

int main(int argc, char** argv) {
  return csgi::cli::exit_code_of([&] { return csgi::cli::perform(csgi::cli::parse(argc, argv)); });
}
