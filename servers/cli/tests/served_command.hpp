// served_command.hpp - what `csgi serve` prints and answers.
#pragma once
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <sys/socket.h>
#include "child_process.hpp"

struct served {
  std::string url;
  std::string what;
  std::uint16_t port;
};

// Takes the line a server prints when it is ready: "http://127.0.0.1:8000 – hello (async) on evented".
inline served ready(child_process& server) {
  const std::string line = server.output_line();
  const std::string dash = " – ";
  const auto at = line.find(dash);
  REQUIRE_MESSAGE(at != std::string::npos, line);
  const auto url = line.substr(0, at);
  const auto port = std::stoi(url.substr(url.rfind(':') + 1));
  return {url, line.substr(at + dash.size()), static_cast<std::uint16_t>(port)};
}

inline sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

inline std::string answer(std::uint16_t port, const std::string& request) {
  const int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto address = loopback(port);
  const timeval patience{30, 0};
  setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  REQUIRE(connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  send(client, request.data(), request.size(), MSG_NOSIGNAL);
  std::string all;
  char block[4096];
  for (ssize_t size; (size = recv(client, block, sizeof block, 0)) > 0;) all.append(block, static_cast<std::size_t>(size));
  close(client);
  return all;
}

inline std::string get(const std::string& target) {
  return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
}
