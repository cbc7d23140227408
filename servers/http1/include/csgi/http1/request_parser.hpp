// csgi/http1/request_parser.hpp - one HTTP/1 request head, vetted byte by byte and taken apart.
#pragma once
#include <csgi/request.hpp>
#include <csgi/server_options.hpp>
#include <csgi/serving/rejection.hpp>
#include <memory>
#include <string>

namespace csgi::http1 {

/// Parses request heads, one after the other, and gives each as a csgi::request.
///
/// Where the standards leave a choice:
///   - up to four empty lines before the request line are skipped (RFC 9112, 2.2); size() counts them;
///   - HTTP/1.2 and later minor versions are served as HTTP/1.1 (RFC 9110, 2.5); another major version gives 505;
///   - "|", "^", "`", "[" and "]" pass unencoded in a target, as browsers send them; nothing else does that
///     RFC 3986 leaves out;
///   - a repeated Content-Length is refused even if its values are the same;
///   - CONNECT gives 501, every other method passes;
///   - what an Upgrade field offers is no error, whatever it is (RFC 9110, 7.8).
///
/// The same bytes give the same result however they are split over calls. Nothing is allocated per request once
/// the parser has warmed up.
class request_parser {
 public:
  enum class state : unsigned char { incomplete, complete, rejected };

  explicit request_parser(const server_limits& limits);
  ~request_parser();
  request_parser(const request_parser&) = delete;
  request_parser& operator=(const request_parser&) = delete;

  /// Forgets the request; the next call of parse() begins another.
  void reset() noexcept;

  /// Goes on with a head. `bytes` begins with the request's first byte in every call. Only what is new is looked at, but where
  /// it has moved since the last call.
  ///
  /// Lifetime:  once complete, head() views into the `bytes` of this call.
  /// Errors:    none thrown; without memory for its fields a request is rejected with 503.
  state parse(std::string_view bytes);

  /// Bytes of the head, the empty line included. Requires: complete.
  std::size_t size() const noexcept;

  /// What is to be answered. Requires: rejected.
  rejection why() const noexcept;

  /// The same one each time; peer, local, scheme and root_path are for the server to fill in, once it is complete.
  request& head() noexcept;
  const request& head() const noexcept;

  // Requires: complete.
  bool keep_alive() const noexcept;         ///< the client lets the connection be used again
  bool expects_continue() const noexcept;   ///< it waits for 100 before it sends the body
  bool upgrades() const noexcept;           ///< it offers to go on with another protocol
  bool chunked() const noexcept;            ///< the body is framed by chunks; otherwise head().body says how

 private:
  struct implementation;
  std::unique_ptr<implementation> self_;
};

}  // namespace csgi::http1
