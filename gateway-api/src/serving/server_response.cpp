// The responses that servers make themselves.
#include <csgi/serving/response_framer.hpp>
#include <new>

namespace csgi { inline namespace v1 {
namespace {

/// "404 Not Found\n"
std::string text_of(int status) {
  std::string text = std::to_string(status);
  if (const auto phrase = reason_phrase(status); !phrase.empty()) text.append(" ").append(phrase);
  text.push_back('\n');
  return text;
}

constexpr field plain[] = {{"Content-Type", "text/plain"}};
constexpr field plain_405[] = {{"Content-Type", "text/plain"},
                               {"Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"}};
constexpr field plain_503[] = {{"Content-Type", "text/plain"}, {"Retry-After", "1"}};
constexpr field plain_426[] = {{"Content-Type", "text/plain"}, {"Sec-WebSocket-Version", "13"}};

std::span<const field> fields_of(int status) noexcept {
  if (status == 405) return plain_405;
  if (status == 426) return plain_426;
  if (status == 503) return plain_503;
  return plain;
}

void succeed(std::error_code error) {
  if (error == std::errc::not_enough_memory) throw std::bad_alloc();
  if (error) throw std::system_error(error, "a server's own response");
}

}  // namespace

std::size_t append_server_response(std::string& out, int status, const request_facts& facts, std::string_view date,
                                   std::string_view server) {
  const std::string text = text_of(status);
  response_framer framer;
  response_framer::frame around;
  framer.reset(facts, server, status == 426 ? "websocket" : "");
  succeed(framer.start({.status = status, .fields = fields_of(status)}));
  succeed(framer.write(text.size(), ending::finish, date, out, around));
  if (!around.send_body) return 0;
  out.append(text);
  return text.size();
}

}}  // namespace csgi::v1
