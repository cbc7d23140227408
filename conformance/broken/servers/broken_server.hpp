// broken_server.hpp - a server that is broken on purpose, in one way, and what the suite is to find of it.
#pragma once
#include <csgi/server.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace csgi::conformance {

/// Makes a server without fault, that of the app's kind.
using sound_server = std::unique_ptr<csgi::server> (*)(const server_options&);

/// Makes one with a fault.
using faulty_server = std::function<std::unique_ptr<csgi::server>(server_options, sound_server)>;

/// One that is told something else than it was.
inline faulty_server with(void (*change)(server_options&)) {
  return [change](server_options options, sound_server sound) {
    change(options);
    return sound(options);
  };
}

struct broken_server {
  /// How much is judged.
  enum class reach : unsigned char {
    wide,       ///< the cases of its clauses, and of those beside them in the specification
    narrow,     ///< its own cases, since others would wait for what never comes
    alone,      ///< its own cases, one after the other: the fault lets one request disturb others
  };

  std::string name;
  std::vector<std::string> breaks;        ///< these clauses fail, each
  faulty_server make;
  std::vector<std::string> besides = {};  ///< and with them, maybe, cases of these: the row says why
  reach judged = reach::wide;
  bool blocking = false;                  ///< runs blocking apps, on the threaded server; else async ones, on the evented
};

using broken_servers = std::vector<broken_server>;

// A theme each.
broken_servers with_broken_requests();
broken_servers with_broken_refusals();
broken_servers with_broken_bodies();
broken_servers with_broken_response_heads();
broken_servers with_broken_responses();
broken_servers with_broken_things_around_responses();
broken_servers with_broken_connections();
broken_servers with_broken_failures();
broken_servers with_broken_limits();
broken_servers with_broken_exchanges();
broken_servers with_broken_executors();
broken_servers with_broken_extensions();
broken_servers with_broken_files();
broken_servers with_broken_stops();
broken_servers with_broken_websockets();
broken_servers with_broken_middlewares();

struct broken_theme {
  const char* name;
  broken_servers (*servers)();
};

/// All that there are.
const std::vector<broken_theme>& broken_themes();

}  // namespace csgi::conformance
