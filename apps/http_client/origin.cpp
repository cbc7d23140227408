#include "origin.hpp"
#include <boost/asio/io_context.hpp>
#include <csgi/field_syntax.hpp>
#include <stdexcept>

namespace asio = boost::asio;
using asio::ip::tcp;

namespace upstream {

namespace {

[[noreturn]] void refuse(std::string_view url) {
  throw std::invalid_argument("an upstream is http://host[:port][/path], not \"" + std::string(url) + '"');
}

struct place {
  std::string host, port;
};

// "host", "host:port", "[::1]", "[::1]:port"
place place_of(std::string_view authority, std::string_view url) {
  const auto colon = authority.ends_with(']') ? std::string_view::npos : authority.rfind(':');
  auto host = authority.substr(0, colon);
  const auto port = colon == std::string_view::npos ? std::string_view("80") : authority.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const bool is_number = !port.empty() && port.size() <= 5 && port.find_first_not_of("0123456789") == std::string_view::npos;
  if (host.empty() || host.find_first_of(" @[]?#") != std::string_view::npos || !is_number || std::stoi(std::string(port)) > 65535)
    refuse(url);
  return {std::string(host), std::string(port)};
}

std::vector<tcp::endpoint> addresses_of(const place& where) {
  asio::io_context unused;
  std::vector<tcp::endpoint> found;
  for (const auto& each : tcp::resolver(unused).resolve(where.host, where.port)) found.push_back(each.endpoint());
  return found;
}

}  // namespace

origin::origin(std::string_view url) {
  constexpr std::string_view scheme = "http://";
  if (!url.starts_with(scheme) || !csgi::is_field_text(url) || url.find_first_of(" ?#") != std::string_view::npos) refuse(url);
  const auto rest = url.substr(scheme.size());
  authority = rest.substr(0, rest.find('/'));
  path = rest.substr(authority.size());
  while (path.ends_with('/')) path.pop_back();
  endpoints = addresses_of(place_of(authority, url));
}

}  // namespace upstream
