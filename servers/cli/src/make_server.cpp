#include "make_server.hpp"
#include <csgi/beast/server.hpp>
#include <csgi/evented/server.hpp>
#ifdef CSGI_HAS_HTTPLIB
#include <csgi/httplib/server.hpp>
#endif
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

constexpr entry servers[] = {
    {"threaded", make<threaded::server>},
    {"evented", make<evented::server>},
    {"beast", make<beast::server>},
#ifdef CSGI_HAS_HTTPLIB
    {"httplib", make<httplib::server>},
#else
    {"httplib", nullptr},       // its name is known, so that make_server() can say why it is not there
#endif
};

}  // namespace

std::vector<std::string> server_names(built only) {
  std::vector<std::string> names;
  for (const auto& each : servers)
    if (only == built::all || (each.make != nullptr) == (only == built::here)) names.emplace_back(each.name);
  return names;
}

std::unique_ptr<server> make_server(std::string_view name, const server_options& options) {
  for (const auto& each : servers) {
    if (each.name != name) continue;
    if (each.make) return each.make(options);
    throw std::invalid_argument("--server: this csgi was built without " + std::string(name) + ", as its library was not found");
  }
  throw std::invalid_argument("there is no server \"" + std::string(name) + '"');
}

}  // namespace csgi::cli
