#include "subject.hpp"
#include "child_process.hpp"
#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <string_view>

namespace csgi::bench {

bool serves(const subject& server, workload asked) { return std::ranges::find(server.serves, asked) != server.serves.end(); }

std::string filled_in(std::string text, const directories& in, const std::string& port, const std::string& configuration) {
  const std::pair<std::string_view, std::string> values[] = {
      {"{bin}", in.build / "bin"}, {"{apps}", in.build / "apps"}, {"{bench}", in.build / "bench"}, {"{peers}", in.peers},
      {"{here}", in.here},         {"{port}", port},              {"{configuration}", configuration},
      {"{user}", ::geteuid() == 0 ? "user: root" : ""}};
  for (const auto& [name, value] : values)
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size()))
      text.replace(at, name.size(), value);
  return text;
}

std::optional<std::string> program(const std::string& name) {
  if (name.find('/') != std::string::npos) return name;
  const char* const path = std::getenv("PATH");
  std::istringstream places((path ? path : "") + std::string(":/usr/sbin"));      // where nginx is, for everybody
  for (std::string place; std::getline(places, place, ':');)
    if (const auto file = place + '/' + name; ::access(file.c_str(), X_OK) == 0) return file;
  return std::nullopt;
}

std::optional<std::string> absence(const subject& server, const directories& in) {
  const std::string wanted = server.packages.empty() ? " is not built" : " is not installed (Debian: " + server.packages + ')';
  const auto file = program(filled_in(server.command.front(), in));
  const std::filesystem::path path = file.value_or(server.command.front());
  if (!file || ::access(path.c_str(), X_OK) != 0) return path.filename().string() + wanted;
  if (server.probe.empty()) return std::nullopt;
  auto probe = server.probe;
  const auto prober = program(probe.front());
  if (!prober) return probe.front() + wanted;
  probe.front() = *prober;
  if (child_process(probe).exit_code() != 0) return "not all of it is installed (Debian: " + server.packages + ')';
  return std::nullopt;
}

}  // namespace csgi::bench
