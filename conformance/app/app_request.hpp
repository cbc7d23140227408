// app_request.hpp - a request that apps are judged with.
#pragma once
#include <csgi/request.hpp>
#include <csgi/testing/named_value.hpp>
#include <filesystem>
#include <string>
#include <vector>

namespace csgi::conformance {

struct app_request {
  std::string name;                     ///< "GET /", and what is special about it
  std::string method = "GET";
  std::string target = "/";
  testing::field_list fields = {};
  body_kind body = body_kind::none;
  std::vector<std::string> chunks = {}; ///< of the body; of a known length, one
  http_version version = http_version::http_1_1;
  bool opens_websocket = false;
  std::vector<std::string> messages = {};   ///< that its client sends there, before it closes with 1000; as bytes, before it
                                            ///< closes its sending side, where the app upgrades to something else
  testing::field_list trailers = {};    ///< behind a body of unknown length

  std::size_t body_size() const noexcept;
};

/// Those that every app is judged with: methods, paths, fields and bodies, friendly and hostile ones.
std::vector<app_request> all_app_requests();

/// Those of them that stay HTTP: they offer no upgrade, and open no WebSocket.
std::vector<app_request> all_http_requests();

/// The requests of a file, in the format of HTTP/1.1 messages: request line, fields, an empty line, body. Lines end with LF or
/// CRLF, the last of the head may end with the file. A body is as long as its Content-Length; without one, it goes to the next
/// line of "###", or to the end of the file, its last line end not counted. Such lines part requests; behind ### may be a name.
///
///     ### a note is written
///     POST /notes HTTP/1.1
///     Content-Type: text/plain
///
///     milk
///     ###
///     GET /notes
///
/// With `Upgrade: websocket` it opens a WebSocket. The fields that this takes beside are added where they are missing, and each
/// line of the body is a text message.
///
/// Errors:    std::runtime_error, whose what() names file and line.
std::vector<app_request> read_app_requests(const std::filesystem::path& file);

}  // namespace csgi::conformance
