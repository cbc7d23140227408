// csgi/request.hpp - everything known of a request before its body.
#pragma once
#include <csgi/endpoint.hpp>
#include <csgi/field.hpp>
#include <cstdint>

namespace csgi { inline namespace v1 {

enum class http_version : unsigned char { http_1_0, http_1_1, http_2, http_3 };

/// How much body follows: none at all, a length known beforehand, or as much as comes until its end.
enum class body_kind : unsigned char { none, known, unknown };

/// The head of one request.
///
/// Lifetime:  every view stays valid until the app is done with the exchange: the blocking handler has
///            returned, the coroutine has finished. Middleware hands on a changed copy, never changes it.
/// Threads:   immutable, so any.
struct request {
  std::string_view method;          ///< a token, byte for byte as received: "GET", "get" and "BREW" differ
  std::string_view target;          ///< the request target as received (RFC 9112, 3.2)
  std::string_view raw_path;        ///< the target's path, percent-encoded, nothing removed or merged; "*" for OPTIONS *
  std::string_view path;            ///< raw_path percent-decoded exactly once: bytes, not necessarily UTF-8
  std::string_view root_path;       ///< where the app is mounted: "" or "/prefix", never ends in "/"
  std::string_view query;           ///< what follows the first "?", still encoded
  bool has_query = false;           ///< tells "/a?" from "/a"
  http_version version = http_version::http_1_1;
  body_kind body = body_kind::none;
  std::uint64_t content_length = 0; ///< bytes; meaningful when body is known
  std::string_view scheme;          ///< "http" or "https", of the last hop
  std::string_view authority;       ///< host and port the client asked for; may be empty in HTTP/1.0
  std::span<const csgi::field> fields;    ///< in the order received, duplicates kept
  endpoint peer;                    ///< the socket's other end
  endpoint local;                   ///< the socket's own end, not what Host says

  /// The path below the mount point. It always holds that path == root_path + tail().
  std::string_view tail() const noexcept { return path.substr(root_path.size()); }

  /// The first field of that name, regardless of case.
  std::optional<std::string_view> field(std::string_view name) const noexcept { return find_field(fields, name); }
};

/// "1.0", "1.1", "2" or "3".
constexpr std::string_view to_string(http_version v) noexcept {
  constexpr std::string_view names[] = {"1.0", "1.1", "2", "3"};
  return names[static_cast<unsigned char>(v)];
}

}}  // namespace csgi::v1
