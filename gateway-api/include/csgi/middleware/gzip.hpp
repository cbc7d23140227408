// csgi/middleware/gzip.hpp - middleware: compresses response bodies for clients that take it.
#pragma once
#include <csgi/middleware/hooks.hpp>

namespace csgi { inline namespace v1 {

struct gzip_settings {
  int level = 6;                        ///< 1, fastest, to 9, smallest
  std::uint64_t least = 860;            ///< bytes: a smaller body, where its length is known, is left as it is

  /// Beginnings of the media types that shrink: whatever else there is, as images and archives, was compressed already.
  std::vector<std::string> types = {"text/", "application/json", "application/javascript", "application/xml",
                                    "application/manifest+json", "application/problem+json", "application/wasm",
                                    "application/xhtml+xml", "image/svg+xml"};
};

/// Whether an Accept-Encoding takes gzip, and not less than the body as it is (RFC 9110, 12.5.3). Nothing: no.
bool accepts_gzip(std::span<const field> request_fields) noexcept;

/// See gzip.
class gzip_hooks final : public hooks {
 public:
  static constexpr std::string_view name = "csgi::gzip";

  gzip_hooks(exchange& next, const gzip_settings& settings) : hooks(next), settings_(settings) {}

 private:
  class stream;
  struct end_stream {
    void operator()(stream* ended) const noexcept;
  };

  void on_start(head_edit& head) override;
  void on_body(std::string_view bytes, std::string& out) override;
  void on_flush(std::string& out) override;
  void on_finish(std::string& out) override;
  stream& deflating();

  const gzip_settings& settings_;
  std::unique_ptr<stream, end_stream> stream_;
};

/// Compresses as the body streams through, and at a flush gives all that was written; files too. Says "Vary:
/// Accept-Encoding" wherever the client's wish decided. Left as they are: a body that has a Content-Encoding, one of
/// another type or a smaller size than the settings say, parts (206), and "Cache-Control: no-transform"; and WebSockets, the
/// messages of which the server compresses where the client offers that.
///
/// A secret beside what an attacker can choose in one body is told by its size (BREACH): leave such responses out.
/// Memory:    about 256 KiB while a body is compressed.
/// Errors:    std::bad_alloc.
using gzip = hooked<gzip_hooks, gzip_settings>;

}}  // namespace csgi::v1
