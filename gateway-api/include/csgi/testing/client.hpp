// csgi/testing/client.hpp - a client for tests of apps: no sockets, no server, either kind.
#pragma once
#include <csgi/app_life.hpp>
#include <csgi/testing/conversation.hpp>
#include <csgi/testing/cookie_jar.hpp>
#include <csgi/testing/websocket_conversation.hpp>
#include <list>

namespace csgi::testing {

class async_client;

/// What becomes of an exception that leaves the app.
enum class failures : unsigned char {
  raised,     ///< it is thrown in the test
  answered,   ///< the response is what a server would send: 500 before the commit, else a broken one
};

struct client_options {
  field_list fields = {};                         ///< sent with each request, unless that has its own of the name
  request_origin origin = {};
  redirects redirect = redirects::returned;
  failures failure = failures::raised;
  time_flow time = time_flow::real;
  std::optional<clock::duration> patience = {};   ///< with threads that the loop does not know of; none: see test_loop
  client_behaviour behaviour = {};
  unsigned most_threads = 64;                     ///< for blocking apps and blocking code
  clock::duration grace = std::chrono::seconds(30);  ///< for background work at close(), in the client's time
  std::pmr::memory_resource* views = nullptr;     ///< see neighbours
};

/// Runs an app's startup, that on its one loop too, sends it requests, and shuts it down.
///
///   csgi::testing::client c(app);
///   const auto r = c.post("/notes", {.fields = {{"content-type", "text/plain"}}, .body = "milk"});
///   CHECK(r.status == 303);
///   CHECK(c.get("/notes").body == "milk\n");
///
/// What comes before a response and behind it is in it; trailers of a request follow a body in chunks:
///
///   const auto sum = c.post("/sum", {.body = request_body::chunks({"ab"}), .trailers = {{"x-checksum", "2"}}});
///   CHECK(sum.informational.at(0).field("link") == "</style.css>; rel=preload");
///   CHECK(sum.trailer("x-checksum") == "2");
///
/// Coroutines of the app run on the thread that waits here, and only meanwhile; handlers of blocking apps and blocking code
/// of to_thread() on threads of the client.
/// Lifetime:  the app is borrowed.
/// Threads:   one.
class client final : private server_context {
 public:
  /// Errors:    what a startup throws.
  explicit client(application app, client_options options = {});
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  /// close(), the failure of which is dropped.
  ~client();

  response get(std::string target, const request_options& with = {}) { return request("GET", std::move(target), with); }
  response head(std::string target, const request_options& with = {}) { return request("HEAD", std::move(target), with); }
  response post(std::string target, const request_options& with = {}) { return request("POST", std::move(target), with); }
  response put(std::string target, const request_options& with = {}) { return request("PUT", std::move(target), with); }
  response patch(std::string target, const request_options& with = {}) { return request("PATCH", std::move(target), with); }

  /// Sends a request and waits until the app is done. The response is whole.
  ///
  /// Errors:    broken_response; what the app threw, where failures are raised; std::logic_error, where it ended without a
  ///            response, or waits for what never comes; std::invalid_argument, for a request that no server takes.
  response request(std::string method, std::string target, const request_options& with = {});

  /// Begins a request: the answer is read while the app still writes. Follows no redirects.
  conversation begin(std::string method, std::string target, const request_options& with = {});

  /// Asks for a WebSocket.
  websocket_conversation websocket(std::string target, const websocket_options& with = {});

  /// The same for tests that are coroutines: see run().
  async_client async() noexcept;

  /// Runs a test that is a coroutine, beside those of the app.
  ///
  ///   c.run([&]() -> csgi::task<> { const auto r = co_await c.async().get("/"); … });
  ///
  /// Lifetime:  `make` lives until its coroutine has ended, so that it may have captures.
  template <class Make>
  auto run(Make make) {
    return loop_.run(make());
  }

  /// Waits until no background work runs. What it threw is in log().
  void wait_for_background();

  /// Tells the app, and each request that runs or is begun later, that the server is stopping.
  void drain() noexcept;

  /// Drains, waits for background work, and shuts the app down. Requires: no conversation is left.
  ///
  /// Errors:    what a shutdown throws.
  void close();

  cookie_jar& cookies() noexcept { return cookies_; }

  /// What was told to the operator, not for a request: by startup, shutdown and background work.
  std::vector<log_line> log() const;

  test_loop& loop() noexcept { return loop_; }

  /// What its exchanges find around them, for other exchanges of the same app.
  ///
  /// Lifetime:  this object's. Background work goes on while this client's loop is turned.
  neighbours around() noexcept;

  const client_options& options() const noexcept { return options_; }

 private:
  friend class another_loop;
  friend class async_client;
  friend class conversation;
  friend class websocket_conversation;
  class background_work_here;
  class loop_here;

  /// A request that is to be sent, and where it leads.
  struct journey {
    std::string method;
    std::string target;
    request_options with;
    request_origin origin;
    std::vector<response> history;
  };

  void abandon() noexcept;
  void end();
  conversation depart(const journey& where);
  bool go_on(journey& where, response& r);
  void raise_failure(const memory_exchange& x) const;
  void take_cookies(const memory_exchange& x);

  void log(log_level level, std::string_view text) noexcept override;
  void* find(const extension_id& id) noexcept override;

  const client_options options_;
  const application app_;
  test_loop loop_;
  thread_pool threads_;
  mutable std::mutex log_mutex_;
  std::vector<log_line> log_;
  std::unique_ptr<background_work_here> background_;
  cookie_jar cookies_;
  std::vector<memory_exchange*> exchanges_;   // of conversations
  bool drained_ = false;
  std::atomic<int> stops_{0};
  app_life life_;
  std::unique_ptr<loop_here> on_loop_;
  bool closed_ = false;
};

}  // namespace csgi::testing
