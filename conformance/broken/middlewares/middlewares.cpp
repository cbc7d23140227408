// middlewares.cpp - what authors of middleware easily get wrong. Behind a middleware there is a server: the suite judges that.
#include "views.hpp"
#include <algorithm>
#include <mutex>
#include <thread>

namespace csgi::conformance {

namespace {

constexpr auto narrow = broken_server::reach::narrow;

/// Reads the whole request before its app does.
struct buffers_requests {
  class view final : public forwarding_exchange {
   public:
    view(exchange& outer, std::string_view body) noexcept : forwarding_exchange(outer), left_(body) {}
    begun begin_read(read_op& op) noexcept override {
      op.chunk = std::exchange(left_, {});
      op.error = {};
      return begun::completed;
    }

   private:
    std::string_view left_;
  };

  task<> operator()(async_exchange ex, next_app app) const {
    const std::string body = co_await ex.read_all(64u << 20);
    view read(ex.raw(), body);
    co_await app(async_exchange(read));
  }
};

/// Collects a response, and sends it when its app has finished it.
class buffers_responses final : public forwarding_exchange {
 public:
  using forwarding_exchange::forwarding_exchange;
  csgi::phase phase() const noexcept override {
    return collected_.empty() ? next().phase() : std::max(next().phase(), csgi::phase::committed);
  }
  begun begin_write(write_op& op) noexcept override {
    if (next().phase() != csgi::phase::started) return next().begin_write(op);
    collected_ += op.data;
    op.data = collected_;
    if (op.then == ending::finish) return next().begin_write(op);
    op.error = {};
    return begun::completed;
  }

 private:
  std::string collected_;
};

/// Whatever its app throws is thrown on as something else.
struct wraps_exceptions {
  task<> operator()(async_exchange ex, next_app app) const {
    std::string what;
    try {
      co_await app(ex);
      co_return;
    } catch (const std::exception& failure) {
      what = failure.what();
    }
    throw std::runtime_error("the app failed: " + what);
  }
};

/// Adds a field each time that a head is started, and repeats it at that.
void add_repeatedly(altered_head& head) {
  const std::vector<field> all = head.list;
  head.list.insert(head.list.end(), all.begin(), all.end());
}

/// Forwards what it knows of; what it does not know of is hidden with it.
class forwards_no_extensions final : public forwarding_exchange {
 public:
  using forwarding_exchange::forwarding_exchange;
  void* find(const extension_id&) noexcept override { return nullptr; }
};

/// Registers hooks with itself, and is gone when they should run.
class loses_hooks final : public forwarding_exchange, private finish_hooks {
 public:
  using forwarding_exchange::forwarding_exchange;
  void* find(const extension_id& wanted) noexcept override {
    return wanted == finish_hooks::id ? static_cast<finish_hooks*>(this) : next().find(wanted);
  }

 private:
  void add(finish_hook& hook) noexcept override {
    static std::mutex mutex;
    static auto& lost = *new std::vector<finish_hook*>;     // never destroyed, so that no leak is told of what it holds
    const std::lock_guard lock(mutex);
    lost.push_back(&hook);
  }
};

/// Lets its app answer GET, and takes HEAD for that.
void get_for_head(altered_request& asked) {
  if (asked.method == "HEAD") asked.method = "GET";
}

/// Gives a blocking app a thread of its own.
struct runs_the_app_elsewhere {
  void operator()(blocking_exchange ex, next_app app) const {
    std::exception_ptr failure;
    std::jthread([&] {
      try {
        app(ex);
      } catch (...) {
        failure = std::current_exception();
      }
    }).join();
    if (failure) std::rethrow_exception(failure);
  }
};

}  // namespace

broken_servers with_broken_middlewares() {
  return {
      {"middleware_buffers_requests", {"CSGI-HTTP-046"}, behind(buffers_requests()), {"CSGI-HTTP-038"}, narrow},
      {"middleware_buffers_responses", {"CSGI-HTTP-075"}, seen_as<buffers_responses>(), {}, narrow},
      {"middleware_wraps_exceptions", {"CSGI-HTTP-122"}, behind(wraps_exceptions()), {"CSGI-BRIDGE-009"}},
      {"middleware_repeats_fields", {"CSGI-HTTP-068"}, starts(add_repeatedly), {"CSGI-HTTP-070", "CSGI-HTTP-072"}},
      {"middleware_forwards_no_extensions", {"CSGI-EXT-011"},
       seen_as<forwards_no_extensions>(), {"CSGI-EXT-003", "CSGI-EXT-012", "CSGI-EXT-013", "CSGI-EXT-017", "CSGI-EXT-019"}},
      {"middleware_loses_hooks", {"CSGI-EXT-012"}, seen_as<loses_hooks>(), {"CSGI-EXT-013", "CSGI-EXT-017", "CSGI-EXT-019"}},
      {"middleware_takes_head_for_get", {"CSGI-HTTP-002"}, tells(get_for_head)},
      {.name = "middleware_runs_the_app_elsewhere", .breaks = {"CSGI-CORE-016"},
       .make = behind(runs_the_app_elsewhere()), .judged = narrow, .blocking = true},
  };
}

}  // namespace csgi::conformance
