// wire.hpp - a connection as the library sees it: what it reads request heads from.
#pragma once
#include <csgi/field.hpp>
#include <csgi/serving/head_bytes.hpp>
#include <csgi/serving/socket_stream.hpp>
#include <httplib.h>
#include <vector>

namespace csgi::httplib {

/// The library's own stream is another one for each request, and loses what was received beyond it. The library answers
/// nothing over this one: the exchange does.
class wire final : public ::httplib::Stream {
 public:
  wire(int socket, const server_options& options, const std::atomic<serving_stage>& now)
      : stream_(socket, options, now), options_(options) {}

  socket_stream& stream() noexcept { return stream_; }

  /// Waits for a request, and reads its head for the library. False: there is none, nor will be.
  bool await_head();

  /// What the head is to be answered with, where its bytes alone say so; 0: nothing.
  int refusal() const noexcept { return refusal_; }

  /// It has asked for the head only, as far as can be told.
  bool for_head() const noexcept { return std::string_view(head_).starts_with("HEAD "); }

  /// As they were received: the library knows a few methods only, and takes the fragment off a target.
  ///
  /// Lifetime:  until the next head.
  std::string_view method() const noexcept;
  std::string_view target() const noexcept;

  /// As they were received: the library sorts them, leaves out those without a value, and decodes what looks encoded.
  ///
  /// Lifetime:  until the next head.
  std::vector<field> fields() const;

  ssize_t read(char* to, std::size_t size) override;
  ssize_t write(const char*, std::size_t size) override { return static_cast<ssize_t>(size); }
  bool is_readable() const override { return true; }
  bool is_writable() const override { return true; }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return 0; }          // it only looks whether it is too large for select()

 private:
  std::string stand_in() const;

  socket_stream stream_;
  const server_options& options_;
  std::string head_;
  std::string shown_;               // in its place, to the library
  std::size_t given_ = 0;           // bytes of that which the library has read
  int refusal_ = 0;
};

}  // namespace csgi::httplib
