// csgi/server_load.hpp - what a server has to do at the moment, for who watches it.
#pragma once
#include <csgi/operation.hpp>

namespace csgi { inline namespace v1 {

/// Zeros stand for what a server does not know.
///
/// Spec:      CSGI-SERVER-026
struct server_load {
  std::size_t connections = 0;      ///< open ones, idle ones and WebSockets among them
  std::size_t queued = 0;           ///< requests of blocking apps that wait for a thread
  std::size_t threads = 0;          ///< that run blocking apps
  std::size_t busy_threads = 0;     ///< of these
  clock::duration lag{};            ///< how late a timer of the server's own ran at worst, within the last ten seconds or more:
                                    ///< what its loops run, coroutines of apps among it, made everybody wait as long
  bool draining = false;            ///< stop() was called
};

}}  // namespace csgi::v1
