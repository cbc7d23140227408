// message.hpp - what an app asks an upstream, and what it is answered.
#pragma once
#include <algorithm>
#include <chrono>
#include <csgi/field.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace upstream {

/// Values, by name; the names keep the letters that they came in.
using fields = std::vector<std::pair<std::string, std::string>>;

/// One request to an upstream. Host, Content-Length and Connection are written by the client.
///
/// It has constructors, so that it may stand in a coroutine's expression: g++ 12 destroys aggregates there twice.
struct request {
  explicit request(std::string to, std::chrono::milliseconds within = std::chrono::seconds(5))
      : target(std::move(to)), timeout(within) {}

  /// "/weather?city=Oslo": path and query, percent-encoded already; what the origin's URL has for a path goes before it.
  std::string target;
  std::chrono::milliseconds timeout;      ///< for all of it: connecting, asking again, the last byte of the answer
  std::string method = "GET";
  upstream::fields fields{};
  std::string body{};
};

/// A whole response, whatever its status: 500 is an answer, too.
struct response {
  int status = 0;
  upstream::fields fields{};
  std::string body{};

  /// The first field of that name, in whatever letters.
  ///
  /// Lifetime:  this object's.
  std::optional<std::string_view> field(std::string_view name) const noexcept {
    const auto found = std::find_if(fields.begin(), fields.end(), [&](const auto& f) { return csgi::same_name(f.first, name); });
    if (found == fields.end()) return std::nullopt;
    return found->second;
  }
};

}  // namespace upstream
