// mailer.hpp - an app that takes letters in at once, and sends them behind its answers: as coroutines.
#pragma once
#include "post_office.hpp"
#include <csgi/async_app.hpp>
#include <csgi/chain.hpp>
#include <csgi/middleware/errors.hpp>

/// POST / keeps a letter and answers 202 with its id, before it is sent; GET /ID tells whether it was.
class async_mailer final : public csgi::async_app {
 public:
  /// Errors:    std::invalid_argument, std::system_error.
  explicit async_mailer(csgi::arguments given) : async_mailer(settings::parse(given)) {}
  explicit async_mailer(const settings& s) : async_mailer(s, std::make_unique<slow_carrier>(s.takes)) {}
  async_mailer(const settings& s, std::unique_ptr<carrier> by) : office_(s, std::move(by)) {}

  csgi::task<> startup(csgi::server_context& server) override;
  void draining() noexcept override { office_.drain(); }
  csgi::task<> http(csgi::async_exchange ex) override { return answer(ex, office_); }

 private:
  static csgi::task<> answer(csgi::async_exchange ex, post_office& office);

  post_office office_;
};

using mailer = csgi::chain<csgi::errors, async_mailer>;
