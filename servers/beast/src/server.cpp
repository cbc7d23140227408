// server.cpp - see csgi/beast/server.hpp.
#include "connection.hpp"
#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <csgi/beast/server.hpp>
#include <csgi/loop_life.hpp>
#include <csgi/serving/app_end.hpp>
#include <csgi/serving/asio_executor.hpp>
#include <csgi/serving/checked_options.hpp>
#include <csgi/serving/given_socket.hpp>
#include <csgi/serving/hosted_loop.hpp>
#include <csgi/serving/stop_report.hpp>
#include <list>
#include <unistd.h>

namespace csgi::beast {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr std::chrono::milliseconds between_ticks{20};

server_options checked(const server_options& options) {
  check(options);
  return options;
}

std::optional<given_socket> given_by(const server_options& options) {
  if (options.socket < 0) return std::nullopt;
  const auto socket = duplicate_of_socket(options);
  if (socket.type == endpoint::kind::ip) return socket;
  ::close(socket.descriptor);
  throw std::invalid_argument("the beast server takes no UNIX sockets");
}

tcp::acceptor bound(asio::io_context& context, const server_options& options, const std::optional<given_socket>& given) {
  if (given) return {context, tcp::v4(), given->descriptor};      // IPv6, too: the protocol says how to open one
  const auto port = std::to_string(options.port);
  try {
    const tcp::endpoint where = *tcp::resolver(context).resolve(options.host, port).begin();
    tcp::acceptor acceptor(context, where.protocol());
    boost::system::error_code failed;
    acceptor.bind(where, failed);
    if (failed == asio::error::address_in_use) {
      // With this option from the beginning, a port that somebody has bound and does not listen on yet could be had too.
      acceptor.set_option(tcp::acceptor::reuse_address(true));
      acceptor.bind(where);
    } else if (failed) {
      throw boost::system::system_error(failed);
    }
    return acceptor;
  } catch (const boost::system::system_error& e) {
    throw std::system_error(e.code(), "cannot listen on " + options.host + ':' + port);
  }
}

}  // namespace

class server::implementation {
 public:
  explicit implementation(const server_options& options)
      : options_(checked(options)), observer_(options.observer ? *options.observer : stderr_observer()),
        given_(given_by(options_)), acceptor_(bound(context_, options_, given_)), port_(acceptor_.local_endpoint().port()) {}

  void run(application app) {
    if (stops_.load(std::memory_order_relaxed) > 0) return;
    app_host host(app, {observer_, options_.app_name, info_, threads_, options_.deadlines.grace}, stops_);
    host.run([&] { serve(app, host); });
  }

  void stop() noexcept { stops_.fetch_add(1, std::memory_order_relaxed); }
  std::uint16_t port() const noexcept { return port_; }
  server_load load() const noexcept { return {.draining = stops_.load(std::memory_order_relaxed) > 0}; }

 private:
  struct served final : operation {
    std::shared_ptr<connection> client;
    std::optional<task<>> life;
  };

  void serve(application app, app_host& host) {
    loop_exchange::surroundings shared{
        {options_, app, observer_, info_, host.background(), "csgi-beast"}, executor_, threads_};
    shared_ = &shared;
    host_ = &host;
    hosted_loop around(host, executor_, shared.memory);
    loop_life life(host.parts(), around, stops_);
    drive(life.start(), "the app's startup on a loop failed: ");
    around.end_phase();
    if (stops_.load(std::memory_order_relaxed) == 0) serve_connections();
    drive(life.finish(), "the app's shutdown on a loop failed: ");
    around.end_phase();
  }

  void serve_connections() {
    acceptor_.set_option(tcp::acceptor::reuse_address(true));   // what its connections leave behind shall not keep the port
    if (!given_ || !given_->listens) acceptor_.listen();
    const auto where = acceptor_.local_endpoint();
    const auto address = where.address().to_string();
    observer_.ready({csgi::endpoint::kind::ip, where.port(), address});
    accept();
    tick();
    while (!over_) context_.run_one();
  }

  void accept() {
    acceptor_.async_accept([this](const boost::system::error_code& failed, tcp::socket socket) {
      if (!acceptor_.is_open()) return;
      try {
        if (!failed) welcome(std::move(socket));
      } catch (const std::exception&) {   // it has gone again, or there is no memory for it
      }
      if (!failed) return accept();
      resting_ = true;                    // no descriptors: until the next tick
    });
  }

  void welcome(tcp::socket socket) {
    auto& one = connections_.emplace_back();
    const auto place = std::prev(connections_.end());
    try {
      one.client = std::make_shared<connection>(std::move(socket), *shared_);
      one.life.emplace(one.client->run());
    } catch (...) {
      connections_.erase(place);
      throw;
    }
    one.owner = this;
    one.done = [](operation& op) noexcept { static_cast<served&>(op).owner = nullptr; };   // the next tick forgets it
    one.life->settle(executor_);
    if (one.life->start(one) == begun::completed) one.owner = nullptr;
  }

  std::size_t count_busy() const {
    return static_cast<std::size_t>(std::ranges::count_if(connections_, [](const served& each) { return each.owner && !each.client->idle(); }));
  }

  void tick() {
    const auto now = clock::now();
    const int stops = stops_.load(std::memory_order_relaxed);
    if (std::exchange(resting_, false) && acceptor_.is_open()) accept();
    if (stops > 0 && shared_->now == serving_stage::serving) {
      shared_->now = serving_stage::draining;
      grace_ends_ = now + options_.deadlines.grace;
      acceptor_.close();
      host_->drain();
      for (auto& each : connections_) each.client->drain();
      report_.begins(observer_, stops > 1 ? 0 : count_busy(), options_.deadlines.grace);
    }
    if (shared_->now == serving_stage::draining && (stops > 1 || now >= grace_ends_)) {
      shared_->now = serving_stage::ending;
      report_.grace_is_over(observer_, stops > 1 ? 0 : count_busy());
      for (auto& each : connections_) each.client->end();
    }
    for (auto& each : connections_) each.client->tick(now);
    connections_.remove_if([](const served& each) { return !each.owner; });
    over_ = shared_->now != serving_stage::serving && connections_.empty();
    if (over_) return;
    ticks_.expires_after(between_ticks);
    ticks_.async_wait([this](const boost::system::error_code&) { tick(); });
  }

  /// Runs a coroutine of the app's life to its end.
  void drive(task<> coroutine, const char* prefix) {
    struct waiter final : operation {
      bool over = false;
    } end;
    end.done = [](operation& op) noexcept { static_cast<waiter&>(op).over = true; };
    coroutine.settle(executor_);
    asio::post(context_, [&] { end.over = coroutine.start(end) == begun::completed || end.over; });
    while (!end.over) context_.run_one();
    if (coroutine.failed()) throw std::runtime_error(prefix + what_of(coroutine.failure()));
  }

  const server_options options_;
  server_observer& observer_;
  server_info info_{"beast", CSGI_VERSION};
  std::atomic<int> stops_{0};
  thread_pool threads_{options_.threads, options_.queue};
  asio::io_context context_{1};
  asio_executor executor_{context_};
  const std::optional<given_socket> given_;
  tcp::acceptor acceptor_;
  const std::uint16_t port_;
  asio::steady_timer ticks_{context_};
  std::list<served> connections_;
  loop_exchange::surroundings* shared_ = nullptr;     // while it runs
  app_host* host_ = nullptr;
  stop_report report_;
  clock::time_point grace_ends_ = clock::time_point::max();
  bool resting_ = false;
  bool over_ = false;
};

server::server(const server_options& options) : self_(std::make_unique<implementation>(options)) {}
server::~server() = default;
void server::run(application app) { self_->run(app); }
void server::stop() noexcept { self_->stop(); }
std::uint16_t server::port() const noexcept { return self_->port(); }
server_load server::load() const noexcept { return self_->load(); }

}  // namespace csgi::beast
