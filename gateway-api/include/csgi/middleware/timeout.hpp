// csgi/middleware/timeout.hpp - middleware: an async app may take only so long.
#pragma once
#include <csgi/middleware/hooks.hpp>
#include <csgi/middleware/upgraded.hpp>
#include <csgi/with_timeout.hpp>

namespace csgi { inline namespace v1 {

/// `csgi::timeout(30s)`: stops an async app that has not ended by then, waits until it has, and answers 503, or the status that
/// is given; a response that is committed is aborted with timed_out. An app that has finished in spite of the stop is left in
/// peace. A with_timeout() of the app's own that it lets through is taken alike.
///
/// It is a limit for answers: an app that has accepted a WebSocket, or taken an upgrade, may go on for as long as it likes.
/// Around a blocking app it does nothing: nobody can interrupt what blocks. The server's deadlines end what waits there for
/// the client; for other waits the app gives its own limits.
/// Errors:    timed_out, once committed.
class timeout {
 public:
  explicit timeout(clock::duration limit, int status = 503) noexcept : limit_(limit), status_(status) {}

  task<> operator()(async_exchange ex, next_app app) const {
    bool late = false;
    try {
      task<> call = app(ex);
      if (app.kind() == app_kind::blocking) co_await std::move(call);
      else co_await timed<task<>, once_upgraded>(from_now(limit_), std::move(call), once_upgraded(ex.raw()));
    } catch (const timed_out& e) {
      if (!std::string_view(e.what()).starts_with("with_timeout")) throw;
      if (ex.committed()) {
        ex.abort(std::errc::timed_out);
        throw;
      }
      late = true;
    }
    if (late) co_await ex.respond(status_, "text/plain", "The answer took too long.\n");
  }

 private:
  class once_upgraded {
   public:
    explicit once_upgraded(exchange& x) noexcept : exchange_(&x) {}
    bool operator()() const noexcept { return is_upgraded(*exchange_); }

   private:
    exchange* exchange_;
  };

  clock::duration limit_;
  int status_;
};

}}  // namespace csgi::v1
