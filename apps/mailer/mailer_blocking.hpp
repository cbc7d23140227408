// mailer_blocking.hpp - the mailer as plain functions.
#pragma once
#include "post_office.hpp"
#include <csgi/blocking_app.hpp>
#include <csgi/chain.hpp>
#include <csgi/middleware/errors.hpp>

/// As async_mailer. Its letters are sent by the same coroutines: a thread is kept while a letter is written, not while it is
/// sent.
class blocking_mailer final : public csgi::blocking_app {
 public:
  /// Errors:    std::invalid_argument, std::system_error.
  explicit blocking_mailer(csgi::arguments given) : blocking_mailer(settings::parse(given)) {}
  explicit blocking_mailer(const settings& s) : blocking_mailer(s, std::make_unique<slow_carrier>(s.takes)) {}
  blocking_mailer(const settings& s, std::unique_ptr<carrier> by) : office_(s, std::move(by)) {}

  void startup(csgi::server_context& server) override { office_.open(server); }
  void draining() noexcept override { office_.drain(); }
  void http(csgi::blocking_exchange ex) override;

 private:
  void take_in(csgi::blocking_exchange ex);
  void tell_state(csgi::blocking_exchange ex, std::string_view id) const;

  post_office office_;
};

using mailer_blocking = csgi::chain<csgi::errors, blocking_mailer>;
