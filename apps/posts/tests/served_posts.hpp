// served_posts.hpp - for tests: `csgi serve` with the plug-in, a process of its own.
#pragma once
#include <child_process.hpp>
#include <string>
#include <vector>

struct served_posts {
  served_posts(const std::string& server, const std::string& database, const std::string& grace)
      : process({CSGI_COMMAND, "serve", CSGI_POSTS, "--server", server, "--port", "0", "--no-access-log", "--log-level", "warning", "--lint",
                 "--grace", grace, "--", "--database", database}) {
    const auto line = process.output_line();          // "http://127.0.0.1:8000 – …"
    port = static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(':', line.find(' ')) + 1)));
  }

  child_process process;
  std::uint16_t port;
};

inline std::string post(const std::string& body) {
  return "POST /posts HTTP/1.1\r\nHost: test\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

inline const std::vector<std::string> servers_of_posts{
    "threaded", "evented", "beast",
#ifdef CSGI_HAS_HTTPLIB
    "httplib",
#endif
};
