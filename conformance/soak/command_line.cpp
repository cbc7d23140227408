// command_line.cpp - see command_line.hpp.
#include "command_line.hpp"
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>

namespace csgi::soak {

namespace fs = std::filesystem;

namespace {

struct words {
  double minutes = 10;
  double seconds = 0;
  std::vector<std::string> apps;
  std::vector<std::string> servers{"evented", "threaded"};
};

std::string list_of_kinds() {
  std::string text = "Clients:\n";
  for (const kind& each : all_kinds()) text += "  " + std::string(each.name) + ": " + std::string(each.does) + '\n';
  return text;
}

std::vector<soaked_app> chosen(const std::vector<std::string>& names) {
  const auto bundled = bundled_apps();
  if (names.empty()) return bundled;
  std::vector<soaked_app> all;
  for (const auto& name : names) {
    const auto found = std::ranges::find(bundled, name, &soaked_app::name);
    if (found != bundled.end()) all.push_back(*found);
    else if (name.find('/') != name.npos) all.push_back(unknown_app(name));
    else throw std::invalid_argument("--app: no bundled app, and no path of a plug-in: " + name);
  }
  return all;
}

void check_kinds(const std::vector<std::string>& names) {
  for (const auto& name : names)
    if (std::ranges::find(all_kinds(), name, &kind::name) == all_kinds().end())
      throw std::invalid_argument("--client: there is no " + name);
}

void make_pairs(command_line& made, const words& given) {
  for (const auto& app : chosen(given.apps)) {
    if (!fs::exists(plugin_of(made.how.where, app))) {
      if (!given.apps.empty()) throw std::invalid_argument("--app: " + app.name + " was not built");
      made.not_built.push_back(app.name);
      continue;
    }
    for (const auto& server : given.servers) made.pairs.push_back({app, server});
  }
  if (made.pairs.empty()) throw std::invalid_argument("there is nothing to try in " + made.how.where.apps.string());
}

}  // namespace

command_line parse(int argc, const char* const* argv) {
  command_line made;
  words given;
  const fs::path build = fs::canonical("/proc/self/exe").parent_path().parent_path();
  made.how.where = {build / "bin" / "csgi", build / "apps", CSGI_SOAK_REQUESTS, CSGI_SOAK_DOCUMENTS};

  CLI::App app("Lets well-behaved, slow, broken and hostile clients loose on apps and servers.", "csgi_soak");
  app.add_option("--minutes", given.minutes, "for all of it")->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--seconds", given.seconds, "for all of it, instead")->check(CLI::PositiveNumber);
  app.add_option("--app", given.apps, "name of a bundled app, or path of a plug-in; else all that are bundled");
  app.add_option("--server", given.servers, "of `csgi serve`")->capture_default_str();
  app.add_option("--client", made.how.clients, "kinds of clients; else all");
  app.add_option("--seed", made.how.seed, "what chance begins with; else another one each time");
  app.add_option("--visit", made.how.visit, "nothing but this visit of each client, as a complaint names it");
  app.add_option("--together", made.together, "pairs at the same time")->check(CLI::Range(1, 64))->capture_default_str();
  app.add_option("--csgi", made.how.where.command, "the csgi command")->capture_default_str();
  app.add_option("--apps", made.how.where.apps, "directory of the bundled apps")->capture_default_str();
  app.footer(list_of_kinds());
  made.how.seed = std::random_device()();
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    made.help = app.help();
    return made;
  } catch (const CLI::ParseError& error) {
    throw std::invalid_argument(error.what());
  }
  check_kinds(made.how.clients);
  make_pairs(made, given);
  const double seconds = given.seconds > 0 ? given.seconds : 60 * given.minutes;
  const auto rounds = static_cast<double>((made.pairs.size() + made.together - 1) / made.together);
  made.how.time_of_each = std::chrono::milliseconds(static_cast<std::int64_t>(1'000 * seconds / rounds));
  return made;
}

}  // namespace csgi::soak
