// csgi/middleware/trusted_proxy.hpp - middleware: who the client is, as told by proxies that are known.
#pragma once
#include <array>
#include <csgi/middleware.hpp>
#include <csgi/middleware/changed_request.hpp>
#include <vector>

namespace csgi { inline namespace v1 {

/// Which fields a proxy sets. Only these are read: the others may come from the client, passed through.
enum class proxy_fields : unsigned char {
  x_forwarded,      ///< X-Forwarded-For, X-Forwarded-Proto, X-Forwarded-Host
  forwarded,        ///< Forwarded (RFC 7239)
};

/// What becomes of a request whose fields cannot be understood where they count: of what a client says before its proxies nothing
/// does. Ignored, the request seems to be the proxy's own, which an app may trust more than anybody; and where a proxy passes on what
/// a client has said in the same field, a client can bring that about, by a quote that it leaves open in Forwarded for instance.
enum class malformed_fields : unsigned char { ignored, refused };

struct trusted_proxy_settings {
  std::vector<std::string> peers = {};      ///< "10.0.0.0/8", "2001:db8::/32", "127.0.0.1"; "unix": every UNIX socket
  proxy_fields fields = proxy_fields::x_forwarded;
  malformed_fields malformed = malformed_fields::refused;     ///< with 400, and a warning in the log
};

/// Behind a trusted peer, the app sees as peer, scheme and authority those of the client: the last address, read from the right,
/// that is not a trusted proxy's itself. Where the proxy hides it, the peer is unknown. The fields stay; the head as the server
/// saw it is found as original_request. Of X-Forwarded-Proto and X-Forwarded-Host counts the element that stands where the
/// address does, if there are as many, else the last one.
///
/// Requests of other peers pass unchanged, whatever they say.
/// Errors:    the constructor throws std::invalid_argument for a peer that is none.
class trusted_proxy {
 public:
  explicit trusted_proxy(const trusted_proxy_settings& settings);
  task<> operator()(async_exchange ex, next_app app) const;

  bool trusts(const endpoint& peer) const noexcept;

 private:
  struct network {
    std::array<unsigned char, 16> address;    // IPv4 as ::ffff:0:0/96
    unsigned bits;
  };

  std::vector<network> networks_;
  bool unix_ = false;
  proxy_fields fields_;
  malformed_fields malformed_;
};

}}  // namespace csgi::v1
