// Begins an operation anew that is pending.
#include <coroutine>
#include <csgi/app.hpp>

struct begins_again final : csgi::async_app {
  struct read_twice final : csgi::read_op {
    explicit read_twice(csgi::exchange& of) noexcept : x(of) {}
    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> who) noexcept {
      waiting = who;
      done = [](csgi::operation& op) noexcept { static_cast<read_twice&>(op).waiting.resume(); };
      if (x.begin_read(*this) == csgi::begun::completed) return false;
      x.begin_read(*this);
      return true;
    }
    void await_resume() const noexcept {}
    csgi::exchange& x;
    std::coroutine_handle<> waiting;
  };

  csgi::task<> http(csgi::async_exchange ex) override {
    read_twice read(ex.raw());
    co_await read;
    co_await ex.respond(200, "text/plain", "twice\n");
  }
};

CSGI_EXPORT_APP(begins_again)
