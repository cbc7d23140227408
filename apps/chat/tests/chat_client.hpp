// chat_client.hpp - a WebSocket client over a socket to this machine, for one member of a room.
#pragma once
#include <csgi/serving/websocket_frame_reader.hpp>
#include <string>
#include <vector>

/// Every wait has a deadline of twenty seconds and throws std::runtime_error when it passes.
class chat_client {
 public:
  /// With `window`, the socket takes so many bytes that nobody has read.
  chat_client(std::uint16_t port, std::string_view target, std::string_view fields = {}, int window = 0);
  chat_client(const chat_client&) = delete;
  chat_client& operator=(const chat_client&) = delete;
  ~chat_client();

  int status() const noexcept { return status_; }

  void say(std::string_view text);              // no quotes in it: they are not escaped
  void say_at_once(std::string_view text, int times);     ///< in as few pieces as the system takes
  void send_text(std::string_view message);
  void send_binary(std::string_view message);
  void close();

  /// The next message; empty once the server has closed: then code() and reason() are told.
  std::string receive();
  /// Messages up to the first one that has `part` in it, which it gives; throws where it does not come.
  std::string receive_until(std::string_view part);
  int code() const noexcept { return code_; }     ///< 1006: without a word
  const std::string& reason() const noexcept { return reason_; }

  /// Goes without a word.
  void reset();

 private:
  static void append_frame(std::string& to, csgi::websocket_opcode opcode, std::string_view payload);
  void send_frame(csgi::websocket_opcode opcode, std::string_view payload);
  void send_bytes(std::string_view bytes);
  bool read_more();

  int socket_;
  int status_ = 0;
  int code_ = 1006;
  std::string reason_;
  std::string received_;
  csgi::websocket_frame_reader reader_;
};
