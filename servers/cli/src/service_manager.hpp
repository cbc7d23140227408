// service_manager.hpp - tells systemd, or who speaks like it, that the service is there: sd_notify(3).
#pragma once
#include <string>

namespace csgi::cli {

/// Nobody, where the environment names no socket (NOTIFY_SOCKET), which is taken out of it: what an app starts is no service.
class service_manager {
 public:
  service_manager();

  /// Tells that the service is there: a datagram, dropped where it cannot be sent at once.
  void tell_ready() const noexcept;

 private:
  std::string path_;      ///< "@name" is an abstract one
};

}  // namespace csgi::cli
