// server.cpp - see csgi/httplib/server.hpp.
#include "wire.hpp"
#include <csgi/httplib/server.hpp>
#include <csgi/serving/checked_options.hpp>
#include <csgi/serving/handler_exchange.hpp>
#include <csgi/serving/stop_report.hpp>
#include <list>
#include <optional>
#include <stdexcept>
#include <sys/socket.h>

namespace csgi::httplib {

namespace {

constexpr std::chrono::milliseconds tick{10};
constexpr std::string_view product = "csgi-httplib";

/// What became of the request that this thread reads.
struct turn {
  wire& over;
  int refused = 0;            // with this status; 0: it was not
  bool keep = false;
};

thread_local turn* here = nullptr;      // as the library gives its handlers nothing of ours

/// A thread for each connection, so that idle ones keep no others from being served.
class connection_threads final : public ::httplib::TaskQueue {
 public:
  void enqueue(std::function<void()> serve) override {
    struct job final : work {
      std::function<void()> serve;
    };
    auto one = std::make_unique<job>();
    one->serve = std::move(serve);
    one->run = [](work& w) noexcept { std::unique_ptr<job>(static_cast<job*>(&w))->serve(); };
    if (threads_->lend(*one, thread_lender::patience::now)) one.release();
    else one->serve();      // too many: nobody else is accepted meanwhile
  }
  void shutdown() override { threads_.reset(); }

 private:
  static constexpr unsigned most = 4096;
  std::optional<thread_pool> threads_{std::in_place, most, 0};
};

}  // namespace

class server::implementation final : ::httplib::Server {
 public:
  explicit implementation(const server_options& options)
      : options_((check(options), options)), observer_(options.observer ? *options.observer : stderr_observer()) {
    set_socket_options([](socket_t listening) {     // its own let two servers have one port
      const int yes = 1;
      ::setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    set_tcp_nodelay(true);
    new_task_queue = [] { return new connection_threads; };
    set_pre_routing_handler([this](const auto& request, auto& response) {
      serve(request);
      response.status = 200;
      return HandlerResponse::Handled;
    });
    set_error_handler(HandlerWithResponse([](const auto&, auto& response) {
      here->refused = response.status;
      return HandlerResponse::Unhandled;
    }));
    bind();
  }

  void run(application app) {
    if (stops_.load(std::memory_order_relaxed) > 0) return;
    app_host host(app, {observer_, options_.app_name, info_, lane_threads_, options_.deadlines.grace}, stops_);
    host.run([&] { serve(app, host); });
  }

  void stop() noexcept { stops_.fetch_add(1, std::memory_order_relaxed); }
  std::uint16_t port() const noexcept { return port_; }
  server_load load() const noexcept { return {.draining = stops_.load(std::memory_order_relaxed) > 0}; }

 private:
  void bind() {
    // The library ends when accept() finds that another process was faster.
    if (options_.socket >= 0) throw std::invalid_argument("the httplib server takes no socket: it binds its own");
    errno = 0;
    const int given = options_.port;
    const int port = given ? (bind_to_port(options_.host, given) ? given : -1) : bind_to_any_port(options_.host);
    if (port < 0) throw std::system_error(errno ? errno : EADDRNOTAVAIL, std::generic_category(),
                                           "cannot listen on " + options_.host + ':' + std::to_string(given));
    port_ = static_cast<std::uint16_t>(port);
  }

  void serve(application app, app_host& host) {
    around_.emplace(handler_exchange::surroundings{{options_, app, observer_, info_, host.background(), product}, stage_});
    observer_.ready({endpoint::kind::ip, port_, options_.host});
    std::atomic<bool> over{false};
    std::thread accepts([&] {
      listen_after_bind();      // until its last connection has ended
      over = true;
    });
    while (stops_.load(std::memory_order_relaxed) == 0) std::this_thread::sleep_for(tick);
    stage_ = serving_stage::draining;
    ::shutdown(svr_sock_, SHUT_RDWR);
    host.drain();
    const auto is_hurried = [this] { return stops_.load(std::memory_order_relaxed) > 1; };
    const auto until = clock::now() + options_.deadlines.grace;
    stop_report report;
    report.begins(observer_, is_hurried() ? 0 : count_running(), options_.deadlines.grace);
    while (!over && clock::now() < until && !is_hurried()) std::this_thread::sleep_for(tick);
    report.grace_is_over(observer_, is_hurried() ? 0 : count_running());
    cancel_all();
    accepts.join();
  }

  std::size_t count_running() {
    const std::lock_guard lock(mutex_);
    return running_.size();
  }

  void cancel_all() {
    const std::lock_guard lock(mutex_);
    stage_ = serving_stage::ending;
    for (auto* each : running_) each->cancel();
  }

  /// The library's virtual for this: a connection, on a thread of its own.
  bool process_and_close_socket(socket_t socket) override {
    try {
      wire over(socket, options_, stage_);
      for (bool keep = true; keep && over.await_head();) {
        turn now{over, over.refusal()};
        here = &now;
        bool ignored = false;
        if (!now.refused) process_request(over, false, ignored, nullptr);
        if (now.refused) refuse(over.stream(), now.refused, over.for_head(), product);
        keep = now.keep;
      }
      return true;
    } catch (const std::exception& e) {
      observer_.log(log_level::error, std::string("a connection has ended: ") + e.what());
      return false;
    }
  }

  /// The library's handler before it looks at anything but the head.
  void serve(const ::httplib::Request& request) {
    const std::vector<field> fields = here->over.fields();
    const auto version = request.version == "HTTP/1.0" ? http_version::http_1_0 : http_version::http_1_1;
    auto& stream = here->over.stream();
    handler_exchange one(*around_, stream, {here->over.method(), here->over.target(), version, fields, stream.peer(), stream.local()});
    const entry admitted(*this, one);
    here->keep = one.serve(admitted.room());
  }

  /// One of those that run, which are as many as options.threads says; waits until it may, unless too many do, or for too long.
  class entry {
   public:
    entry(implementation& at, handler_exchange& one) : at_(at) {
      std::unique_lock lock(at_.mutex_);
      place_ = at_.running_.insert(at_.running_.end(), &one);
      room_ = at_.busy_ < at_.options_.threads || at_.waiting_ < at_.options_.queue;
      if (room_) {
        ++at_.waiting_;
        room_ = at_.await_room(lock);
        --at_.waiting_;
        if (room_) ++at_.busy_;
      }
      if (at_.stage_ == serving_stage::ending) one.cancel();
    }
    entry(const entry&) = delete;
    entry& operator=(const entry&) = delete;
    ~entry() {
      const std::lock_guard lock(at_.mutex_);
      at_.running_.erase(place_);
      if (!room_) return;
      --at_.busy_;
      at_.free_.notify_one();
    }

    bool room() const noexcept { return room_; }

   private:
    implementation& at_;
    std::list<handler_exchange*>::iterator place_;
    bool room_ = false;
  };

  /// Whether there was some in time.
  bool await_room(std::unique_lock<std::mutex>& lock) {
    const auto has_room = [this] { return busy_ < options_.threads; };
    const auto patience = options_.deadlines.queue;
    if (patience > patience.zero()) return free_.wait_for(lock, patience, has_room);
    free_.wait(lock, has_room);
    return true;
  }

  const server_options options_;
  server_observer& observer_;
  server_info info_{"httplib", CSGI_VERSION};
  std::uint16_t port_ = 0;
  std::atomic<int> stops_{0};
  std::atomic<serving_stage> stage_{serving_stage::serving};
  thread_pool lane_threads_{options_.threads, options_.queue};
  std::optional<handler_exchange::surroundings> around_;
  std::mutex mutex_;                      // of what follows
  std::list<handler_exchange*> running_;
  std::condition_variable free_;
  std::size_t busy_ = 0, waiting_ = 0;
};

server::server(const server_options& options) : self_(std::make_unique<implementation>(options)) {}
server::~server() = default;
void server::run(application app) { self_->run(app); }
void server::stop() noexcept { self_->stop(); }
std::uint16_t server::port() const noexcept { return self_->port(); }
server_load server::load() const noexcept { return self_->load(); }

}  // namespace csgi::httplib
