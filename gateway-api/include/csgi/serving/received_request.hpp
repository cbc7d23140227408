// csgi/serving/received_request.hpp - a csgi::request made of what an HTTP library has parsed.
#pragma once
#include <csgi/request.hpp>
#include <csgi/server_options.hpp>
#include <csgi/serving/rejection.hpp>
#include <string>

namespace csgi { inline namespace v1 {

/// What most libraries tell of a request's head, and some tolerate in it: this refuses what the specification has refused,
/// so that no library's leniency becomes its server's.
struct library_head {
  std::string_view method;
  std::string_view target;                  ///< as it was received
  http_version version = http_version::http_1_1;
  std::span<const field> fields;
  endpoint peer{};
  endpoint local{};
};

/// Threads:   one at a time.
/// Lifetime:  head() views into what it was read from, and into this object, which is not moved.
class received_request {
 public:
  received_request() = default;
  received_request(const received_request&) = delete;
  received_request& operator=(const received_request&) = delete;

  /// Reads a head, over the one of an earlier request. What is rejected has method, target and version all the same.
  ///
  /// Limits:    those of fields and body, of `options`, and its root path.
  /// Errors:    std::bad_alloc.
  /// Spec:      CSGI-HTTP-001 to CSGI-HTTP-018, CSGI-HTTP-024 to CSGI-HTTP-035, CSGI-HTTP-055, CSGI-HTTP-117
  rejection read(const library_head& from, const server_options& options);

  const request& head() const noexcept { return head_; }
  bool keep_alive() const noexcept { return keep_alive_; }                ///< the client lets the connection be used again
  bool expects_continue() const noexcept { return expects_continue_; }    ///< it waits for 100 before it sends the body

 private:
  rejection vet(const library_head& from, const server_options& options);

  request head_;
  std::string path_;
  bool keep_alive_ = false;
  bool expects_continue_ = false;
};

/// Sets root_path, where the path is that or below it; else it is no request for this app: 404.
///
/// Spec:      CSGI-HTTP-009
bool mount_at(std::string_view root_path, request& head) noexcept;

}}  // namespace csgi::v1
