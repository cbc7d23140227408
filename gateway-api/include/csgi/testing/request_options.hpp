// csgi/testing/request_options.hpp - what a test says of a request, beyond method and target.
#pragma once
#include <csgi/request.hpp>
#include <csgi/testing/named_value.hpp>
#include <functional>

namespace csgi::testing {

/// A request's body: none, bytes of known length, or chunks as they come, of a length not known beforehand.
class request_body {
 public:
  request_body() = default;
  request_body(std::string bytes) : kind_(body_kind::known), length_(bytes.size()), chunks_{std::move(bytes)} {}
  request_body(std::string_view bytes) : request_body(std::string(bytes)) {}
  request_body(const char* bytes) : request_body(std::string(bytes)) {}

  /// Each of them is a chunk that the app reads.
  static request_body chunks(std::vector<std::string> list) {
    request_body body(body_kind::unknown);
    body.chunks_ = std::move(list);
    return body;
  }

  /// Asked for the next bytes when the app reads and there are none; what it gives last is empty.
  static request_body stream(std::function<std::string()> source) {
    request_body body(body_kind::unknown);
    body.source_ = std::move(source);
    return body;
  }

  /// To be sent with conversation::send(), until conversation::end_body().
  static request_body by_hand() {
    request_body body(body_kind::unknown);
    body.ended_ = false;
    return body;
  }

  /// The same of a length that is declared.
  static request_body by_hand(std::uint64_t length) {
    request_body body(body_kind::known);
    body.length_ = length;
    body.ended_ = false;
    return body;
  }

  /// Ends before it is whole, the sending side of the connection closed.
  request_body&& cut_short() && {
    cut_ = true;
    return std::move(*this);
  }

  body_kind kind() const noexcept { return kind_; }
  std::uint64_t length() const noexcept { return length_; }
  const std::vector<std::string>& list() const noexcept { return chunks_; }
  const std::function<std::string()>& source() const noexcept { return source_; }
  bool ended() const noexcept { return ended_; }
  bool cut() const noexcept { return cut_; }

 private:
  explicit request_body(body_kind kind) noexcept : kind_(kind) {}

  body_kind kind_ = body_kind::none;
  std::uint64_t length_ = 0;
  std::vector<std::string> chunks_;
  std::function<std::string()> source_;
  bool ended_ = true;
  bool cut_ = false;
};

enum class redirects : unsigned char { returned, followed };

/// Compiler:  with g++ 12, name one before a co_await that takes it.
struct request_options {
  field_list fields = {};
  request_body body = {};
  std::optional<redirects> redirect = {};   ///< none: as the client says
  field_list trailers = {};                 ///< behind the body, which is one in chunks: of a length not known beforehand
};

/// Where requests come from.
struct request_origin {
  http_version version = http_version::http_1_1;
  std::string scheme = "http";
  std::string authority = "localhost";      ///< also the Host field, unless that is given
  std::string root_path = {};
  std::string peer = "192.0.2.7";           ///< from RFC 5737, as no real client's
  std::uint16_t peer_port = 50'000;
};

/// A request head that owns its bytes, as a server would present it.
///
/// Errors:    std::invalid_argument, for what servers refuse.
class request_head {
 public:
  request_head(std::string method, std::string target, const request_options& with, const request_origin& from);
  request_head(const request_head&) = delete;
  request_head& operator=(const request_head&) = delete;

  const request& get() const noexcept { return head_; }

  /// Whether the path is at or below the root path: else a server answers 404 itself.
  bool below_root() const noexcept;

 private:
  std::string method_;
  std::string target_;
  std::string path_;
  request_origin origin_;
  field_list owned_;
  std::vector<field> fields_;
  request head_;
};

}  // namespace csgi::testing
