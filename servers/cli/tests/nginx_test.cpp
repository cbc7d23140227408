// The front-end of the guide, and csgi serve behind it.
#include "keeping_client.hpp"
#include "nginx.hpp"

namespace {

const std::string program = CSGI_COMMAND;
const std::string fronted = CSGI_TEST_FRONTED;

std::string site() { return block_of(CSGI_GUIDE, "upstream my_app"); }

/// csgi serve, and how nginx gets there.
struct upstream {
  explicit upstream(const std::string& server, bool unix_socket, std::vector<std::string> more = {})
      : command(words(server, unix_socket, std::move(more))) {
    const auto line = command.output_line();
    const auto url = line.substr(0, line.find(' '));
    where = url.starts_with("http://") ? url.substr(7) : url;
  }

  std::vector<std::string> words(const std::string& server, bool unix_socket, std::vector<std::string> more) const {
    std::vector<std::string> all{program, "serve", fronted, "--server", server, "--no-access-log"};
    if (unix_socket) all.insert(all.end(), {"--unix", directory / "app.sock"});
    else all.insert(all.end(), {"--port", "0"});
    all.insert(all.end(), more.begin(), more.end());
    all.insert(all.end(), {"--", "127.0.0.1", "unix"});
    return all;
  }

  temporary_directory directory;
  child_process command;
  std::string where;
};

/// A connection from 127.0.0.`host`.
class client {
 public:
  explicit client(std::uint16_t port, unsigned host = 1) {
    auto from = loopback(0);
    from.sin_addr.s_addr = htonl(0x7F000000u + host);
    const auto address = loopback(port);
    const timeval patience{30, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    REQUIRE(bind(socket_, reinterpret_cast<const sockaddr*>(&from), sizeof from) == 0);
    REQUIRE(connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  }
  client(const client&) = delete;
  client& operator=(const client&) = delete;
  ~client() { close(socket_); }

  void sends(std::string_view bytes) const {
    for (std::size_t sent = 0; sent < bytes.size();) {
      const auto count = send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      if (count <= 0) return;
      sent += static_cast<std::size_t>(count);
    }
  }

  /// All that has come, once this is part of it; or when there will be no more.
  std::string until(const std::string& wanted) {
    char block[4096];
    while (got_.find(wanted) == std::string::npos) {
      const auto size = recv(socket_, block, sizeof block, 0);
      if (size <= 0) break;
      got_.append(block, static_cast<std::size_t>(size));
    }
    return std::exchange(got_, {});
  }

 private:
  const int socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  std::string got_;
};

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::string line_of(const std::string& text, const std::string& name) {
  const auto at = text.find('\n' + name + ' ');
  return at == std::string::npos ? "" : text.substr(at + 1, text.find('\n', at + 1) - at - 1);
}

/// Each server, reached by each kind of socket.
template <class Check>
void each_way(Check check) {
  for (const std::string server : {"evented", "threaded"}) {
    for (const bool unix_socket : {false, true}) {
      CAPTURE(server);
      CAPTURE(unix_socket);
      check(server, unix_socket);
    }
  }
}

}  // namespace

TEST_SUITE("nginx") {
TEST_CASE("the app sees the client, whatever it says itself of who it is") {
  if (!nginx::installed()) return;
  each_way([](const std::string& server, bool unix_socket) {
    const upstream app(server, unix_socket);
    const nginx front(site(), app.where);
    client from(front.port(), 7);
    from.sends("GET / HTTP/1.1\r\nHost: shop.example\r\nX-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: https\r\n"
               "X-Forwarded-Host: evil.example\r\nForwarded: for=6.6.6.6;host=evil.example\r\nConnection: close\r\n\r\n");
    const auto response = from.until("none");
    CHECK(response.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(line_of(response, "peer") == "peer 127.0.0.7");
    CHECK(line_of(response, "scheme") == "scheme http");
    CHECK(line_of(response, "authority") == "authority shop.example");
  });
}

TEST_CASE("connections to the app are kept, though those of clients are not") {
  if (!nginx::installed()) return;
  for (const std::string server : {"evented", "threaded"}) {
    CAPTURE(server);
    const upstream app(server, false);
    const nginx front(site(), app.where);
    const auto first = line_of(answer(front.port(), get("/")), "connection");
    CHECK(first.starts_with("connection "));
    CHECK(first != "connection 0");
    CHECK(line_of(answer(front.port(), get("/")), "connection") == first);
  }
}

TEST_CASE("a WebSocket passes") {
  if (!nginx::installed()) return;
  each_way([](const std::string& server, bool unix_socket) {
    const upstream app(server, unix_socket);
    const nginx front(site(), app.where);
    client talks(front.port());
    talks.sends("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    const auto head = talks.until("\r\n\r\n");
    CHECK(head.starts_with("HTTP/1.1 101 Switching Protocols\r\n"));
    CHECK(has(head, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    talks.sends(std::string("\x81\x82\0\0\0\0hi", 8));
    CHECK(talks.until("\x81\x02hi") == "\x81\x02hi");
  });
}

TEST_CASE("what is streamed comes at once; of a front-end that holds responses back, events do") {
  if (!nginx::installed()) return;
  each_way([](const std::string& server, bool unix_socket) {
    const upstream app(server, unix_socket);
    auto buffered = site();
    replace(buffered, "proxy_buffering off;", "");
    const nginx front(site(), app.where), holds_back(buffered, app.where);
    for (const auto& [port, path] : {std::pair(front.port(), "/stream"), {front.port(), "/events"}, {holds_back.port(), "/events"}}) {
      client listens(port);
      listens.sends(std::string("GET ") + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
      CHECK(has(listens.until("first"), "first"));
    }
  });
}

TEST_CASE("an upload is the app's to limit, and not stored on its way") {
  if (!nginx::installed()) return;
  each_way([](const std::string& server, bool unix_socket) {
    const auto upload = [&](const char* limit, std::size_t size) {
      const upstream app(server, unix_socket, {"--limit-body", limit});
      const nginx front(site(), app.where);
      client sends(front.port());
      sends.sends("POST /size HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n");
      sends.sends(std::string(size, 'x'));
      return sends.until("none");
    };
    CHECK(upload("32M", 32 << 20).ends_with("\r\n\r\n33554432\n"));
    CHECK(upload("64K", (64 << 10) + 1).starts_with("HTTP/1.1 413 "));
  });
}

TEST_CASE("without the app the answer is 502, and it is there again when the app is") {
  if (!nginx::installed()) return;
  upstream app("evented", true);
  const nginx front(site(), app.where);
  CHECK(answer(front.port(), get("/")).starts_with("HTTP/1.1 200 OK\r\n"));
  app.command.signal(SIGTERM);
  CHECK(app.command.exit_code() == 0);
  CHECK(answer(front.port(), get("/")).starts_with("HTTP/1.1 502 "));
  child_process again(app.words("evented", true, {}));
  again.output_line();
  CHECK(answer(front.port(), get("/")).starts_with("HTTP/1.1 200 OK\r\n"));
}

TEST_CASE("no request is lost while workers are replaced") {
  if (!nginx::installed()) return;
  each_way([](const std::string& server, bool unix_socket) {
    upstream app(server, unix_socket, {"--workers", "2"});
    const nginx front(site(), app.where);
    load all(front.port(), 8);
    for (int round = 0; round < 3; ++round) {
      all.go_on(500);
      app.command.signal(SIGHUP);
      while (!has(app.command.error_line(), "all workers have been replaced")) {
      }
    }
    all.go_on(500);
    all.stop();
    CHECK(all.refused == 0);
    CHECK(all.lost().empty());
    app.command.signal(SIGTERM);
    CHECK(app.command.exit_code() == 0);
  });
}
}
