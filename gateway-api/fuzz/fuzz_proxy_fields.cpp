// What proxies, and clients in their stead, say of a request: untrusted it changes nothing; trusted it is an address, a scheme
// and a host, or nothing; and whatever a client says before it, the last proxy's word counts.
#include "recording_exchange.hpp"
#include "require.hpp"
#include <arpa/inet.h>
#include <csgi/chain.hpp>
#include <csgi/field_syntax.hpp>
#include <csgi/middleware/trusted_proxy.hpp>

namespace {

using namespace csgi;
using field_list = std::vector<std::pair<std::string, std::string>>;

struct seen_client {
  bool called = false;      // else it was refused
  endpoint::kind type = endpoint::kind::unknown;
  std::uint16_t port = 0;
  std::string address, scheme, authority;

  bool operator==(const seen_client&) const = default;
};

struct onlooker final : async_app {
  seen_client seen;
  task<> http(async_exchange ex) override {
    const request& head = ex.head();
    seen = {true, head.peer.type, head.peer.port, std::string(head.peer.address), std::string(head.scheme), std::string(head.authority)};
    co_await ex.respond(200, "text/plain", "");
  }
};

/// The peer is 192.0.2.7, the scheme http and the authority example.com.
seen_client see(const trusted_proxy_settings& settings, const field_list& fields) {
  scripted_request script;
  script.fields = fields;
  script.fields.insert(script.fields.begin(), {"host", "example.com"});
  recording_exchange exchange(completion::later, std::move(script));
  onlooker app;
  chain wrapped{trusted_proxy(settings), application(app)};
  exchange.serve(wrapped);
  require(exchange.response().status == (app.seen.called ? 200 : 400));
  return app.seen;
}

const seen_client unchanged = {true, endpoint::kind::ip, 50'000, "192.0.2.7", "http", "example.com"};

bool is_address(const std::string& text) {
  unsigned char bytes[16];
  return ::inet_pton(AF_INET, text.c_str(), bytes) == 1 || ::inet_pton(AF_INET6, text.c_str(), bytes) == 1;
}

void check_plausible(const seen_client& seen) {
  require(seen.type == endpoint::kind::ip ? is_address(seen.address) : seen.type == endpoint::kind::unknown && seen.address.empty());
  require(seen.scheme == "http" || seen.scheme == "https");
  require(!seen.authority.empty() && seen.authority.find_first_of("/@?#\\\"' ,;\t<>") == std::string::npos);
}

/// A proxy joins what it says to the field's last line, or adds a line.
void say(field_list& fields, std::string_view name, std::string_view value, bool joins) {
  for (auto at = fields.rbegin(); joins && at != fields.rend(); ++at) {
    if (!same_name(at->first, name)) continue;
    at->second.append(", ").append(value);
    return;
  }
  fields.emplace_back(name, value);
}

/// Whatever the client said, the trusted proxy's word is the one that counts.
void check_last_word(const trusted_proxy_settings& settings, field_list fields, bool joins) {
  if (settings.fields == proxy_fields::forwarded) {
    say(fields, "Forwarded", "for=203.0.113.9;proto=https;host=real.example", joins);
  } else {
    say(fields, "X-Forwarded-For", "203.0.113.9", joins);
    say(fields, "X-Forwarded-Proto", "https", joins);
    say(fields, "X-Forwarded-Host", "real.example", joins);
  }
  const auto seen = see(settings, fields);
  // In one line of Forwarded a quote that the client leaves open swallows the rest, which then is malformed.
  const bool may_be_malformed = joins && settings.fields == proxy_fields::forwarded;
  if (may_be_malformed && !seen.called) require(settings.malformed == malformed_fields::refused);
  else if (may_be_malformed && seen == unchanged) require(settings.malformed == malformed_fields::ignored);
  else require(seen == seen_client{true, endpoint::kind::ip, 0, "203.0.113.9", "https", "real.example"});
}

/// A field a line; only what a server lets through.
field_list fields_of(std::string_view text) {
  field_list fields;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const auto colon = line.find(':');
    if (colon == line.npos || !is_token(line.substr(0, colon)) || !is_field_text(line.substr(colon + 1))) continue;
    if (same_name(line.substr(0, colon), "host")) continue;
    fields.emplace_back(line.substr(0, colon), trimmed(line.substr(colon + 1)));
  }
  return fields;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size == 0 || size > 2000) return 0;
  const auto fields = fields_of(bytes_of(data + 1, size - 1));
  trusted_proxy_settings settings;
  settings.fields = (data[0] & 1) != 0 ? proxy_fields::forwarded : proxy_fields::x_forwarded;
  settings.malformed = (data[0] & 2) != 0 ? malformed_fields::refused : malformed_fields::ignored;
  settings.peers = {"198.51.100.0/24", "unix"};
  require(see(settings, fields) == unchanged);

  settings.peers = {"192.0.2.0/24", "10.0.0.0/8", "2001:db8::/32"};
  if (const auto seen = see(settings, fields); seen.called) check_plausible(seen);
  else require(settings.malformed == malformed_fields::refused);
  check_last_word(settings, fields, (data[0] & 4) != 0);
  return 0;
}
