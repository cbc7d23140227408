// request_bytes.cpp - see request_bytes.hpp.
#include "request_bytes.hpp"
#include <algorithm>
#include <charconv>
#include <csgi/field.hpp>

namespace csgi::conformance {

namespace {

std::string in_chunks(const app_request& request) {
  std::string body;
  for (const auto& chunk : request.chunks) {
    if (chunk.empty()) continue;                // it would be the last
    char size[16];
    const auto end = std::to_chars(std::begin(size), std::end(size), chunk.size(), 16).ptr;
    body.append(size, end).append("\r\n").append(chunk).append("\r\n");
  }
  body += "0\r\n";
  for (const auto& [name, value] : request.trailers) body += name + ": " + value + "\r\n";
  return body + "\r\n";
}

}  // namespace

std::string bytes_of(const app_request& request, bool closing) {
  std::string bytes = request.method + ' ' + request.target;
  bytes += request.version == http_version::http_1_0 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n";
  const auto has = [&](std::string_view name) {
    return std::ranges::any_of(request.fields, [&](const auto& f) { return same_name(f.name, name); });
  };
  if (!has("host")) bytes += "Host: app.example\r\n";
  for (const auto& [name, value] : request.fields) bytes += name + ": " + value + "\r\n";
  if (closing && !has("connection")) bytes += "Connection: close\r\n";
  if (request.body == body_kind::known && !has("content-length"))
    bytes += "Content-Length: " + std::to_string(request.body_size()) + "\r\n";
  if (request.body == body_kind::unknown) return bytes + "Transfer-Encoding: chunked\r\n\r\n" + in_chunks(request);
  bytes += "\r\n";
  for (const auto& chunk : request.chunks) bytes += chunk;
  return bytes;
}

}  // namespace csgi::conformance
