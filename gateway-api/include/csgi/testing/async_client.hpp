// csgi/testing/async_client.hpp - the client for tests that are coroutines themselves.
#pragma once
#include <csgi/testing/client.hpp>

namespace csgi::testing {

/// A reference to a client whose calls are awaited: in client::run() beside each other and the app, elsewhere one at a time,
/// holding up what else runs there.
///
/// Compiler:  with g++ 12, one co_await per statement and no braces inside it: name request_options before.
class async_client {
 public:
  explicit async_client(client& of) noexcept : client_(&of) {}

  task<response> get(std::string target) const { return request("GET", std::move(target)); }
  task<response> get(std::string target, const request_options& with) const { return request("GET", std::move(target), with); }
  task<response> post(std::string target) const { return request("POST", std::move(target)); }
  task<response> post(std::string target, const request_options& with) const { return request("POST", std::move(target), with); }

  /// See client::request().
  task<response> request(std::string method, std::string target) const;
  task<response> request(std::string method, std::string target, const request_options& with) const;

  /// See conversation, the calls of which block; these are for conversations begun with client::begin().
  task<response> head(conversation& live) const { return head_of(*client_, live); }
  task<std::string> read(conversation& live) const { return read_of(*client_, live); }
  task<response> finish(conversation& live) const { return finish_of(*client_, live); }
  task<> send(conversation& live, std::string bytes) const { return send_to(*client_, live, std::move(bytes)); }

 private:
  static auto change(client& c, conversation& live, std::uint64_t since) noexcept;
  static task<response> perform(client& c, client::journey where);
  static task<response> head_of(client& c, conversation& live);
  static task<std::string> read_of(client& c, conversation& live);
  static task<response> finish_of(client& c, conversation& live);
  static task<> send_to(client& c, conversation& live, std::string bytes);

  client* client_;
};

inline async_client client::async() noexcept { return async_client(*this); }

}  // namespace csgi::testing
