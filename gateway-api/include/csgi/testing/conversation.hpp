// csgi/testing/conversation.hpp - a request that is still being sent, or answered.
#pragma once
#include <csgi/testing/memory_exchange.hpp>

namespace csgi::testing {

class client;

/// The client's end of one exchange; calls wait for the app. What waits for what never comes throws std::logic_error.
///
///   auto live = c.begin("GET", "/news");
///   CHECK(live.head().status == 200);
///   CHECK(live.read() == "first\n");
///   live.disconnect();
///   CHECK(live.outcome().aborted == std::errc::connection_reset);
///
/// Lifetime:  its end disconnects, and waits until the app is done. It ends before its client.
/// Threads:   the client's.
class conversation {
 public:
  conversation(conversation&&) noexcept = default;
  conversation& operator=(conversation&&) = delete;
  ~conversation();

  /// Sends body bytes, of a body given as by_hand(); returns when the app has taken them.
  void send(std::string_view bytes);

  /// Ends the body, and sends request_options::trailers behind it: of a known length that has not been reached, by closing the
  /// sending side.
  void end_body() noexcept { exchange_->end_body(); }

  /// Waits for what the app says before its response, one after the other; none where the response comes instead.
  ///
  ///     auto live = c.begin("GET", "/");
  ///     CHECK(live.informational()->field("link") == "</style.css>; rel=preload");
  ///     CHECK(live.head().status == 200);
  ///
  /// Errors:    broken_response.
  std::optional<informational_response> informational();

  /// Waits for the response's head: status, reason and fields.
  ///
  /// Errors:    broken_response.
  response head();

  /// Waits for body bytes, some or, at the end, none.
  ///
  /// Errors:    broken_response, with what was not read yet in it.
  std::string read();

  /// Waits for what is left of the response; sends what is left of a streamed request meanwhile.
  ///
  /// Errors:    broken_response; what the app threw, where the client raises that.
  response finish();

  /// The client goes away: what is not sent or read is lost.
  void disconnect() noexcept { exchange_->disconnect(); }

  /// The client sends nothing more, and may still read.
  void close_sending() noexcept { exchange_->close_sending(); }

  /// The server wants the request to end, as one that stops does.
  void stop() noexcept { exchange_->stop(); }

  /// Waits until the app is done and its finish hooks have run. How the response ended.
  csgi::outcome outcome();

  /// Whether the app is done.
  bool ended() const noexcept { return exchange_->ended(); }

  memory_exchange& exchange() noexcept { return *exchange_; }

 private:
  friend class client;
  friend class async_client;
  friend class websocket_conversation;

  conversation(client& of, std::unique_ptr<memory_exchange> x, std::function<std::string()> source);

  /// Goes on as far as nothing has to be waited for. Whether all is over.
  bool collect();
  /// The next one of those that nobody has taken.
  std::optional<informational_response> take_informational();
  bool answers() const;
  /// What there is, with the body collected; or throws.
  response result();
  void check();

  template <class Over>
  void wait(Over over);

  client* client_;
  std::unique_ptr<memory_exchange> exchange_;
  std::function<std::string()> source_;
  std::string body_;                      // collected
  std::size_t informed_ = 0;              // informational responses that were taken
};

}  // namespace csgi::testing
