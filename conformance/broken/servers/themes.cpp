// themes.cpp - every broken server that there is.
#include "broken_server.hpp"

namespace csgi::conformance {

const std::vector<broken_theme>& broken_themes() {
  static const std::vector<broken_theme> all = {
      {"requests", with_broken_requests},
      {"refusals", with_broken_refusals},
      {"bodies", with_broken_bodies},
      {"response heads", with_broken_response_heads},
      {"responses", with_broken_responses},
      {"around responses", with_broken_things_around_responses},
      {"connections", with_broken_connections},
      {"failures", with_broken_failures},
      {"limits", with_broken_limits},
      {"exchanges", with_broken_exchanges},
      {"executors", with_broken_executors},
      {"extensions", with_broken_extensions},
      {"files", with_broken_files},
      {"stops", with_broken_stops},
      {"websockets", with_broken_websockets},
      {"middlewares", with_broken_middlewares},
  };
  return all;
}

}  // namespace csgi::conformance
