// ticker.hpp - an app that tells a price once a second to all who listen: server-sent events.
#pragma once
#include "journal.hpp"
#include "price.hpp"
#include "settings.hpp"
#include <atomic>
#include <csgi/async_app.hpp>
#include <csgi/event_stream.hpp>

/// GET /events is the stream; /, a page that shows it.
///
/// The price is made in the background, once for all listeners, on whatever loops they are.
class ticker final : public csgi::async_app {
 public:
  /// Errors:    std::invalid_argument.
  explicit ticker(csgi::arguments given) : ticker(ticking::settings::parse(given)) {}
  explicit ticker(const ticking::settings& s);

  csgi::task<> startup(csgi::server_context& server) override;
  void draining() noexcept override;
  csgi::task<> http(csgi::async_exchange ex) override;

 private:
  static csgi::task<> tick(ticker& self);
  static csgi::task<> tell(csgi::async_exchange ex, ticker& self);

  csgi::event_text events_of(const ticking::reading& news) const;

  const ticking::settings settings_;
  const std::uint64_t run_;
  ticking::journal ticks_;
  ticking::price price_;
  std::atomic<int> listeners_ = 0;
  std::atomic<bool> draining_ = false;
  change_signal drains_;
};
