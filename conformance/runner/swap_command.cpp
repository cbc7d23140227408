// swap_command.cpp - see swap_command.hpp.
#include "swap_command.hpp"
#include <filesystem>
#include <iostream>
#include "output.hpp"
#include "swap_report.hpp"

namespace csgi::conformance {

namespace {

std::vector<swap_server> servers_of(const command_line& asked) {
  std::vector<swap_server> servers;
  try {
    for (const auto& text : asked.servers) servers.push_back(to_swap_server(text, asked.command));
  } catch (const std::invalid_argument& error) {
    throw usage_error(error.what());
  }
  name_all(servers);
  return servers;
}

swap_options options_of(const command_line& asked, const terminal& to) {
  if (!std::filesystem::exists(asked.plugin)) throw usage_error("there is no app " + asked.plugin);
  swap_options options{.plugin = asked.plugin, .servers = servers_of(asked), .masks = asked.masks, .forbidden = asked.forbidden,
                       .patience = asked.patience, .enough = asked.enough};
  for (const auto& file : asked.requests)
    for (auto& each : read_app_requests(file)) options.requests.push_back(std::move(each));
  if (to.watched())
    options.on_progress = [](std::size_t done, std::size_t due) {
      std::cout << "\x1b[2K  " << padded(done, 4) << " of " << due << " exchanges\r" << std::flush;
    };
  return options;
}

swap_findings played(const swap_options& options) {
  try {
    return swap(options);
  } catch (const std::invalid_argument& error) {
    throw usage_error(error.what());
  }
}

}  // namespace

bool compare_servers(const command_line& asked) {
  const terminal to;
  output json(asked.files.json);
  output junit(asked.files.junit);
  output html(asked.files.html);
  const swap_options options = options_of(asked, to);
  const auto began = std::chrono::steady_clock::now();
  swap_report made{.app = asked.label.empty() ? std::filesystem::path(asked.plugin).stem().string() : asked.label,
                   .servers = options.servers, .requests = options.requests, .found = played(options)};
  made.took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
  if (to.watched()) std::cout << "\x1b[2K";
  std::cout << swap_text(made, to) << std::flush;
  if (json.wanted()) json.write(swap_json(made));
  if (junit.wanted()) junit.write(swap_junit(made));
  if (html.wanted()) html.write(swap_html(made));
  return made.found.none();
}

}  // namespace csgi::conformance
