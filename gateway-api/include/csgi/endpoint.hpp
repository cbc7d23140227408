// csgi/endpoint.hpp - one end of a connection.
#pragma once
#include <cstdint>
#include <string_view>

namespace csgi { inline namespace v1 {

/// An IP address with its port, a UNIX socket's path, or nothing known. A client of a UNIX socket, which has no name of its own,
/// has that of the socket.
struct endpoint {
  enum class kind : unsigned char { unknown, ip, unix_socket };

  kind type = kind::unknown;
  std::uint16_t port = 0;       ///< 0 unless type is ip
  std::string_view address;     ///< "127.0.0.1", "::1", "/run/app.sock"; empty when unknown
};

}}  // namespace csgi::v1
