// csgi/server_options.hpp - how a server is set up: plain values, the same for every server.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace csgi { inline namespace v1 {

class server_observer;

/// What a server accepts, in bytes unless said otherwise. More is answered without calling the app.
struct server_limits {
  std::size_t request_line = 8 * 1024;                ///< 414
  std::size_t request_head = 32 * 1024;               ///< request line and fields together: 431; 60 KiB at most
  std::size_t request_fields = 100;                   ///< fields: 431
  std::uint64_t request_body = 1024 * 1024 * 1024;    ///< 413; a chunked one that grows beyond fails with message_size
  std::size_t websocket_message = 1024 * 1024;        ///< of one that the app takes whole: closed with 1009
  std::size_t connections = 20'000;                   ///< open at a time: more get 503, or are closed; 0: any number
  std::size_t connections_per_address = 0;            ///< the same, of one IPv4 address or one /64 network of IPv6; 0: any number,
                                                      ///< as behind a proxy all have its address
  std::size_t requests_per_connection = 0;            ///< the last one is answered `Connection: close`; 0: any number
};

/// How long a server waits for the client, or for the app at the end.
struct server_deadlines {
  std::chrono::milliseconds head{10'000};     ///< from a request's first byte to the end of its head: 408
  std::chrono::milliseconds body{30'000};     ///< for more body bytes, while the app wants some, or is not called before they come
  std::chrono::milliseconds write{30'000};    ///< for the client to take any of what waits to be sent
  std::chrono::milliseconds first_byte{10'000};   ///< for a new connection's client to say anything: closed without a word
  std::chrono::milliseconds idle{60'000};     ///< for the next request on a kept connection: closed without a word
  std::chrono::milliseconds queue{10'000};    ///< for a blocking request, or call, that waits for a thread: 503; 0: none
  std::chrono::milliseconds app{0};           ///< for the app to end a request, what is streamed included: then it is asked to,
                                              ///< 503; WebSockets and other upgrades have no such end; 0: none
  std::chrono::milliseconds lane{60'000};     ///< for blocking code of a request that waits for other such code of the same
                                              ///< request; then it fails, since that may be waiting for it
  std::chrono::milliseconds websocket_ping{20'000};   ///< without a sign of a WebSocket's peer: it is pinged, and lost after as
                                                      ///< long again; 0: it may be silent for ever
  std::chrono::milliseconds websocket_close{10'000};  ///< for a WebSocket's peer to close, once it was told to
  std::chrono::milliseconds farewell{500};    ///< for one more request, once stop() was called, on a connection that was just in
                                              ///< use: it is answered `Connection: close`; 0: none
  std::chrono::milliseconds grace{10'000};    ///< for running requests, once stop() was called
};

/// Which paths a server serves; see csgi/plain_path.hpp.
enum class served_paths : unsigned char { any, plain };

struct server_options {
  std::string host = "127.0.0.1";       ///< an address or a name of this machine
  std::uint16_t port = 8000;            ///< 0: any free one; server::port() tells
  int socket = -1;                      ///< in place of both: a bound stream socket, of a supervisor or a service manager for
                                        ///< instance; the server takes a duplicate, and may share its queue with others
  std::string root_path = {};           ///< "" or "/prefix": requests outside it are answered 404
  served_paths paths = served_paths::any;     ///< plain: what could be read in two ways, by rules of a front-end for instance, gets 400
  std::string app_name = "app";         ///< names the app in log lines
  unsigned threads = 32;                ///< that run blocking apps; as many again, made when needed, run blocking code
                                        ///< of async apps; at least 1. Requests whose body is still on its way get half of
                                        ///< them at most, or the one that there is (CSGI-HTTP-142)
  unsigned loops = 1;                   ///< event loops, where the server has them; 0: one for each core
  bool websocket_deflate = true;        ///< takes a WebSocket client's offer to compress messages (RFC 7692)
  std::size_t queue = 1024;             ///< blocking requests, or calls, that wait for a thread, and as many whose body is still
                                        ///< on its way; more: 503
  server_limits limits = {};
  server_deadlines deadlines = {};
  server_observer* observer = nullptr;  ///< borrowed while the server lives; null: warnings and errors go to stderr
};

}}  // namespace csgi::v1
