// The floor: the least a server can do on this machine. One thread, one epoll set; it looks for the empty line that
// ends a head and sends one fixed answer for each. Nothing is parsed, limited or checked.
#include "floor_listener.hpp"
#include <sys/socket.h>
#include <unistd.h>
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::string_view head_end = "\r\n\r\n";

// How many heads end in `bytes`; `matched` is how much of a head's end the connection's earlier bytes were.
std::size_t heads_in(std::string_view bytes, std::size_t& matched) {
  std::size_t heads = 0;
  while (!bytes.empty()) {
    if (matched == 0) {
      const auto next = bytes.find(head_end);
      if (next != std::string_view::npos) {
        ++heads;
        bytes.remove_prefix(next + head_end.size());
        continue;
      }
      bytes.remove_prefix(bytes.size() - std::min(bytes.size(), head_end.size() - 1));
    }
    for (; !bytes.empty() && matched < head_end.size(); bytes.remove_prefix(1)) {
      if (bytes.front() == head_end[matched]) ++matched;
      else matched = bytes.front() == '\r' ? 1 : 0;
    }
    if (matched == head_end.size()) {
      ++heads;
      matched = 0;
    }
  }
  return heads;
}

}  // namespace

int main() {
  std::vector<std::size_t> matched;  // by descriptor
  std::vector<char> input(64 * 1024);
  std::string output;
  const auto opens = [&](int client) {
    if (matched.size() <= static_cast<std::size_t>(client)) matched.resize(static_cast<std::size_t>(client) + 1);
    matched[static_cast<std::size_t>(client)] = 0;
  };
  serve_clients_of(listener("floor"), opens, [&](int client) {
    const auto size = recv(client, input.data(), input.size(), 0);
    if (size <= 0) {
      close(client);
      return;
    }
    const std::string_view bytes(input.data(), static_cast<std::size_t>(size));
    const auto heads = heads_in(bytes, matched[static_cast<std::size_t>(client)]);
    output.clear();
    for (std::size_t each = 0; each < heads; ++each) output += hello_answer;
    // A client that does not take its answers is of no use here.
    if (!output.empty() && send(client, output.data(), output.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(output.size()))
      close(client);
  });
}
