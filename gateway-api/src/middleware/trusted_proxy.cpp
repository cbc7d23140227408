// trusted_proxy.cpp - see csgi/middleware/trusted_proxy.hpp.
#include "forwarded.hpp"
#include <charconv>
#include <csgi/middleware/hooks.hpp>
#include <stdexcept>

namespace csgi { inline namespace v1 {

trusted_proxy::trusted_proxy(const trusted_proxy_settings& settings) : fields_(settings.fields), malformed_(settings.malformed) {
  for (const std::string_view peer : settings.peers) {
    if (peer == "unix") {
      unix_ = true;
      continue;
    }
    const auto slash = std::min(peer.find('/'), peer.size());
    const auto address = address_bytes(peer.substr(0, slash));
    const unsigned width = peer.substr(0, slash).find(':') == peer.npos ? 32 : 128;
    unsigned bits = width;
    bool valid = address.has_value();
    if (slash < peer.size()) {
      const auto read = std::from_chars(peer.data() + slash + 1, peer.data() + peer.size(), bits);
      valid = valid && read.ec == std::errc{} && read.ptr == peer.data() + peer.size() && bits <= width;
    }
    if (!valid) throw std::invalid_argument("a trusted peer is an address, a network, or \"unix\", not \"" + std::string(peer) + '"');
    networks_.push_back({*address, 128 - width + bits});
  }
}

bool trusted_proxy::trusts(const endpoint& peer) const noexcept {
  if (peer.type == endpoint::kind::unix_socket) return unix_;
  if (peer.type != endpoint::kind::ip) return false;
  const auto address = address_bytes(peer.address);
  if (!address) return false;
  for (const network& n : networks_) {
    unsigned same = 0;
    while (same < n.bits && (((*address)[same / 8] ^ n.address[same / 8]) >> (7 - same % 8) & 1) == 0) ++same;
    if (same == n.bits) return true;
  }
  return false;
}

task<> trusted_proxy::operator()(async_exchange ex, next_app app) const {
  changed_request view(ex.raw());
  const auto hops = trusts(ex.head().peer) ? read_hops(ex.head(), fields_) : std::vector<hop>();
  if (!hops.empty()) {
    // Whatever stands before the client's hop is the client's own word: it counts for nothing, malformed or not.
    std::size_t i = hops.size() - 1;
    while (i > 0 && !hops[i].malformed && hops[i].has_client && trusts(hops[i].client)) --i;
    const hop& client = hops[i];
    if (client.malformed && malformed_ == malformed_fields::refused) {
      ex.log(log_level::warning, "trusted_proxy: what a proxy says of its client cannot be understood: 400");
      co_await ex.respond(400, "text/plain", "Bad Request\n");
      co_return;
    }
    if (!client.malformed) {
      request& head = view.change();
      if (client.has_client) head.peer = client.client;
      if (!client.scheme.empty()) head.scheme = client.scheme;
      if (!client.authority.empty()) head.authority = client.authority;
    }
  }
  co_await app(async_exchange(view));
}

}}  // namespace csgi::v1
