#include "require.hpp"
#include <csgi/serving/websocket_deflate.hpp>
#include <csgi/serving/response_framer.hpp>
#include <csgi/serving/websocket_handshake.hpp>
#include <csgi/websocket_protocol_offers.hpp>
#include <vector>

namespace {

/// A field a line, with anything in names and values.
std::vector<csgi::field> fields_of(std::string_view text) {
  std::vector<csgi::field> fields;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const auto colon = line.find(':');
    if (colon == line.npos) continue;
    fields.push_back({line.substr(0, colon), line.substr(colon + 1)});
  }
  return fields;
}

std::size_t lines_in(std::string_view head) {
  std::size_t lines = 0;
  for (auto at = head.find("\r\n"); at != head.npos; at = head.find("\r\n", at + 2)) ++lines;
  return lines;
}

/// What is accepted gives a head of as many lines as it has fields.
void check_acceptance(std::span<const csgi::field> fields) {
  csgi::websocket_protocol_offers offers(fields);
  const auto protocol = offers.next();
  if (protocol) require(csgi::offers_websocket_protocol(fields, *protocol));
  std::span<const csgi::field> own = fields.last(std::min<std::size_t>(1, fields.size()));
  if (csgi::check_websocket_fields(own)) own = {};
  csgi::response_framer framer;
  framer.reset({}, "");
  std::string head;
  require(!framer.upgrade(protocol.value_or("websocket"), own, "", head));
  require(head.ends_with("\r\n\r\n") && lines_in(head) == 4 + own.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto fields = fields_of(bytes_of(data, size));
  csgi::request head;
  head.method = "GET";
  head.fields = fields;
  const auto handshake = csgi::look_at_websocket_handshake(head);
  require((handshake.now == csgi::websocket_handshake::state::refused) == (handshake.why.status != 0));
  if (handshake.now == csgi::websocket_handshake::state::good) {
    require(handshake.key.size() == 24);
    check_acceptance(fields);
  }
  const csgi::websocket_deflate_settings settings = {
      .enabled = true, .server_takeover = true, .server_window_bits = 14, .client_window_bits = 12};
  if (const auto terms = csgi::agree_on_websocket_deflate(fields, settings)) {
    require(terms->server_window_bits >= 9 && terms->server_window_bits <= 14 && !terms->client_takeover);
    require(terms->client_window_bits == 15 || (terms->client_window_bits >= 8 && terms->client_window_bits <= 12));
    // The answer is an offer that would be met in the same way.
    const std::string answer = csgi::to_extension(*terms);
    const csgi::field again[] = {{"Sec-WebSocket-Extensions", answer}};
    require(csgi::agree_on_websocket_deflate(again, settings) == terms);
  }
  return 0;
}
