#include "make_server.hpp"
#include <csgi/evented/server.hpp>
#include <csgi/threaded/server.hpp>
#include <stdexcept>

namespace csgi::cli {

namespace {

struct entry {
  std::string_view name;
  std::unique_ptr<server> (*make)(const server_options&);
};

template <class Server>
std::unique_ptr<server> make(const server_options& options) {
  return std::make_unique<Server>(options);
}

constexpr entry servers[] = {{"threaded", make<threaded::server>}, {"evented", make<evented::server>}};

}  // namespace

std::vector<std::string> server_names() {
  std::vector<std::string> names;
  for (const auto& each : servers) names.emplace_back(each.name);
  return names;
}

std::unique_ptr<server> make_server(std::string_view name, const server_options& options) {
  for (const auto& each : servers)
    if (each.name == name) return each.make(options);
  throw std::invalid_argument("there is no server \"" + std::string(name) + '"');
}

}  // namespace csgi::cli
