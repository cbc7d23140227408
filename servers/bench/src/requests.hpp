// requests.hpp - the two requests whose cost is told everywhere: the least a client sends, and what a browser does.
#pragma once
#include <string_view>

namespace csgi::bench {

inline constexpr std::string_view small_request = "GET / HTTP/1.1\r\nHost: 127.0.0.1:12345\r\n\r\n";

/// 11 fields.
inline constexpr std::string_view browser_request =
    "GET / HTTP/1.1\r\n"
    "Host: 127.0.0.1:12345\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n"
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/png,*/*;q=0.8\r\n"
    "Accept-Language: en-US,en;q=0.5\r\n"
    "Accept-Encoding: gzip, deflate, br\r\n"
    "Connection: keep-alive\r\n"
    "Cookie: session=7f3c1a9d2e5b4806af12c3d4e5f60718; theme=dark\r\n"
    "Upgrade-Insecure-Requests: 1\r\n"
    "Sec-Fetch-Dest: document\r\n"
    "Sec-Fetch-Mode: navigate\r\n"
    "Priority: u=0, i\r\n"
    "\r\n";

}  // namespace csgi::bench
