// http_date.hpp - dates of header fields (RFC 9110, 5.6.7), without regard to the process's locale.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

/// "Sun, 06 Nov 1994 08:49:37 GMT".
std::string to_http_date(std::chrono::sys_seconds when);

/// A date in that form or in either of the obsolete ones; nothing for what is no date.
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text);
