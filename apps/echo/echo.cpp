#include "echo.hpp"
#include "request_json.hpp"
#include <csgi/async_websocket.hpp>

namespace {

bool asks_for_description(const csgi::request& head) {
  if (head.method != "GET" && head.method != "HEAD") return false;
  return head.body == csgi::body_kind::none || (head.body == csgi::body_kind::known && head.content_length == 0);
}

std::string field_lines(const csgi::request& head) {
  std::string lines;
  for (const auto& [name, value] : head.fields) lines.append(name).append(": ").append(value).append("\n");
  return lines;
}

csgi::task<> describe(csgi::async_exchange ex) {
  const bool fields_only = ex.head().tail() == "/headers";
  const std::string text = fields_only ? field_lines(ex.head()) : request_json(ex.head());
  ex.start(200, {{"content-type", fields_only ? "text/plain" : "application/json"}, {"x-content-type-options", "nosniff"}});
  if (ex.head().method == "HEAD") co_await ex.finish();      // no length: that of GET, which says another method, is not known
  else co_await ex.finish(text);
}

void start_like_request(csgi::async_exchange ex) {
  csgi::header_list fields;
  fields.add("content-type", ex.head().field("content-type").value_or("application/octet-stream"));
  fields.add("x-content-type-options", "nosniff");
  if (ex.head().body == csgi::body_kind::known) fields.add("content-length", std::to_string(ex.head().content_length));
  ex.start(200, fields.fields());
}

// The head goes out with the first chunk, not before: a client that waits for "100 Continue" gets it at the first read.
csgi::task<> send_back(csgi::async_exchange ex) {
  start_like_request(ex);
  for (auto chunk = co_await ex.read(); !chunk.empty(); chunk = co_await ex.read()) co_await ex.write(chunk);
  co_await ex.finish();
}

// Part by part, so that a message may be of any size.
csgi::task<> send_messages_back(csgi::async_websocket socket) {
  co_await socket.accept();
  for (auto got = co_await socket.receive_part(); got; got = co_await socket.receive_part()) co_await socket.send(got);
}

}  // namespace

csgi::task<> echo::http(csgi::async_exchange ex) {
  if (const csgi::async_websocket socket(ex); socket) return send_messages_back(socket);
  if (asks_for_description(ex.head())) return describe(ex);
  return send_back(ex);
}
