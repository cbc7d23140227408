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
  task<std::optional<informational_response>> informational(conversation& live) const { return informational_of(*client_, live); }
  task<response> head(conversation& live) const { return head_of(*client_, live); }
  task<std::string> read(conversation& live) const { return read_of(*client_, live); }
  task<response> finish(conversation& live) const { return finish_of(*client_, live); }
  task<> send(conversation& live, std::string bytes) const { return send_to(*client_, live, std::move(bytes)); }

  /// See websocket_conversation; these are for those begun with client::websocket(). What is named there and not here does
  /// not wait long: it may be called as it is.
  task<bool> accepted(websocket_conversation& live) const { return acceptance_of(*client_, live); }
  task<received_message> receive(websocket_conversation& live) const { return receive_from(*client_, live); }
  task<> send(websocket_conversation& live, std::string text) const { return send_to(*client_, live, message_kind::text, std::move(text)); }
  task<> send_binary(websocket_conversation& live, std::string data) const { return send_to(*client_, live, message_kind::binary, std::move(data)); }
  task<websocket_farewell> end(websocket_conversation& live) const { return end_of(*client_, live); }

 private:
  static auto change(client& c, conversation& live, std::uint64_t since) noexcept;
  template <class Ready>
  static task<> until(client& c, conversation& live, Ready ready);
  static task<response> perform(client& c, client::journey where);
  static task<std::optional<informational_response>> informational_of(client& c, conversation& live);
  static task<response> head_of(client& c, conversation& live);
  static task<std::string> read_of(client& c, conversation& live);
  static task<response> finish_of(client& c, conversation& live);
  static task<> send_to(client& c, conversation& live, std::string bytes);
  static task<bool> acceptance_of(client& c, websocket_conversation& live);
  static task<> settle(client& c, websocket_conversation& live);
  static task<received_message> receive_from(client& c, websocket_conversation& live);
  static task<> send_to(client& c, websocket_conversation& live, message_kind kind, std::string data);
  static task<websocket_farewell> end_of(client& c, websocket_conversation& live);

  client* client_;
};

inline async_client client::async() noexcept { return async_client(*this); }

}  // namespace csgi::testing
