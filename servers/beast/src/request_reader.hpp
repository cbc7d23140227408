// request_reader.hpp - the head of one request as Boost.Beast parses it, its fields kept as they came.
#pragma once
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <csgi/serving/head_bytes.hpp>
#include <csgi/serving/received_request.hpp>
#include <vector>

namespace csgi::beast {

namespace http = boost::beast::http;

class request_reader final : private http::basic_parser<true> {
 public:
  using state = head_bytes::state;

  explicit request_reader(const server_limits& limits) : limits_(limits) {
    header_limit(static_cast<std::uint32_t>(limits.request_head + 1));
    body_limit(boost::none);    // who reads the body sees to that
  }

  /// Goes on with the head, and takes it off `in` when it is complete.
  state read(boost::beast::flat_buffer& in);

  int refusal() const noexcept { return refusal_; }         ///< Requires: refused
  library_head head() const noexcept { return head_; }      ///< Requires: complete. Lifetime: this object's.

 private:
  using code = boost::beast::error_code;
  using view = boost::beast::string_view;

  void on_request_impl(http::verb, view method, view target, int version, code&) override;
  void on_field_impl(http::field, view name, view value, code&) override;
  void on_response_impl(int, view, int, code&) override {}
  void on_header_impl(code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, code&) override {}
  std::size_t on_body_impl(view, code&) override { return 0; }
  void on_chunk_header_impl(std::uint64_t, view, code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, view, code&) override { return 0; }
  void on_finish_impl(code&) override {}

  const server_limits& limits_;
  int refusal_ = 0;
  library_head head_;
  std::string text_;                // of method, target and fields; never moved, as it has room for the whole head
  std::vector<field> fields_;
};

}  // namespace csgi::beast
