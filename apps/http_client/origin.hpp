// origin.hpp - where an upstream is.
#pragma once
#include <boost/asio/ip/tcp.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace upstream {

/// A URL of a service, and the addresses of its host.
///
/// Names are looked up once, here, which may block: make it with the app, before requests come. They share what was found until
/// the app is made again. Numeric addresses need no look-up.
struct origin {
  /// "http://host[:port][/path]"
  ///
  /// Errors:    std::invalid_argument for what is no such URL; std::system_error for a name that has no address.
  explicit origin(std::string_view url);

  std::string authority;      ///< for the Host field: "127.0.0.1:8080"
  std::string path;           ///< before the target of each request: "" or "/api"
  std::vector<boost::asio::ip::tcp::endpoint> endpoints;    ///< to be tried in this order; at least one
};

}  // namespace upstream
