// relay.hpp - what stands between a client and a sound server, and spoils what passes: a server whose fault is on the wire.
#pragma once
#include "broken_server.hpp"
#include <atomic>

namespace csgi::conformance {

/// What a relay does wrong on one connection. Whatever is in `bytes` when a function returns goes on its way; most requests and
/// heads of responses come in one piece.
///
/// Threads:   the connection's.
class wire_fault {
 public:
  virtual ~wire_fault() = default;
  virtual void from_client(std::string&) {}
  virtual void from_server(std::string&) {}
  /// The client has closed its sending side: what the server gets before it learns of that.
  virtual void client_ended(std::string&) {}
  /// The server has closed its side: what the client gets before it learns of that.
  virtual void server_ended(std::string&) {}

  bool stopping = false;        ///< the server was asked to stop, before this piece came
  std::string answer = {};      ///< for the client, in the server's place
  bool hang_up = false;         ///< both sides are closed when what there is has been sent
};

/// What a relay does wrong otherwise.
struct relay_habits {
  bool collects_requests = false;     ///< reads from the client without bounds
  bool collects_responses = false;    ///< reads from the server without bounds
  bool one_by_one = false;            ///< a connection waits until the one before it has ended
  bool stays_open = false;            ///< goes on accepting when it is asked to stop
  bool client_resets_as_ends = false; ///< a connection that the client resets is closed in good order at the server
  bool server_resets_as_ends = false; ///< one that the server resets is closed in good order at the client
  bool ends_as_hang_ups = false;      ///< a client that closes its sending side is taken to be gone
};

/// Without fault or habit, as good a server as the one behind it; `peer` and `local` are unknown.
class relay final : public csgi::server {
 public:
  using make_fault = std::function<std::unique_ptr<wire_fault>()>;

  /// Listens at the options' port; the server behind it at another.
  relay(const server_options& options, sound_server sound, make_fault fault, relay_habits habits);
  ~relay() override;

  void run(application app) override;
  void stop() noexcept override;
  std::uint16_t port() const noexcept override { return port_; }

 private:
  class connection;

  void accept_all();
  void end() noexcept;
  void close_listener() noexcept;

  const make_fault fault_;
  const relay_habits habits_;
  std::unique_ptr<csgi::server> behind_;
  int listener_;
  int over_;                            // an event: the server behind has ended
  int stopped_;                         // an event: stop()
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_{false};
};

}  // namespace csgi::conformance
