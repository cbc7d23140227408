// storefront_served_test.cpp - the plug-in in a process of its own, on each server, with its services in others.
#include "child_process.hpp"
#include "life.hpp"
#include <atomic>
#include <csgi/to_thread.hpp>

using csgi::tests::reply;
using csgi::tests::wire_client;

namespace {

using words = std::vector<std::string>;

/// A process that serves a plug-in; told what became of it, it has to end by itself.
class served {
 public:
  served(const std::string& app, const std::string& server, const words& arguments, const std::string& port = "0")
      : process_(command(app, server, arguments, port)) {
    const auto line = process_.output_line();
    port_ = line.substr(line.find(':', line.find("//")) + 1);
    port_ = port_.substr(0, port_.find(' '));
  }
  std::string url() const { return "http://127.0.0.1:" + port_; }
  const std::string& port() const { return port_; }
  std::uint16_t number() const { return static_cast<std::uint16_t>(std::stoi(port_)); }

  void kill() {
    process_.signal(SIGKILL);
    process_.exit_code();
  }
  void ask_to_end() { process_.signal(SIGTERM); }
  void insist() {
    while (accepts()) std::this_thread::yield();
    process_.signal_anew(SIGINT);
  }
  int exit_code() { return process_.exit_code(); }
  std::string errors() { return process_.rest_of_errors(); }

 private:
  bool accepts() const {
    try {
      const wire_client client(number());
      return true;
    } catch (const std::exception&) {
      return false;
    }
  }

  static words command(const std::string& app, const std::string& server, const words& arguments, const std::string& port) {
    words all{CSGI_COMMAND, "serve", std::string(CSGI_APPS) + '/' + app + ".so", "--server", server, "--port", port,
              "--no-access-log", "--log-level", "error", "--lint", "--"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return all;
  }

  child_process process_;
  std::string port_;
};

const words servers{
    "threaded", "evented", "beast",
#ifdef CSGI_HAS_HTTPLIB
    "httplib",
#endif
};
const words ways{"/sequential", "/naive", "/concurrent"};

words with(const std::string& promotions, const std::string& recommendations, const std::string& timeout) {
  return {"--promotions", promotions, "--recommendations", recommendations, "--timeout", timeout};
}

std::string request(const std::string& path) { return "GET " + path + " HTTP/1.1\r\nHost: h\r\nCookie: user=ada\r\n\r\n"; }

reply get(std::uint16_t port, const std::string& path) {
  wire_client client(port);
  return client.exchange(request(path));
}

bool has_offers(const reply& r) { return r.body.find("On offer today") != std::string::npos; }
bool has_picks(const reply& r) { return r.body.find("Picked for you") != std::string::npos; }

/// Without its foot, which tells the way.
std::string shelves(const reply& r) { return r.body.substr(0, r.body.find("<footer>")); }

/// Asks again and again, in several threads, until its end; counts pages with and without offers.
class load {
 public:
  load(std::uint16_t port, const std::string& path) {
    for (int i = 0; i < 4; ++i) threads_.emplace_back([this, port, path] { ask(port, path); });
  }
  ~load() { end(); }

  void end() {
    over_ = true;
    for (auto& thread : threads_)
      if (thread.joinable()) thread.join();
  }

  /// Waits for a page, asked for from now on, that has offers, or has none. False where none comes.
  bool see(bool offers) {
    std::unique_lock lock(mutex_);
    const auto since = ++wanted_;
    return seen_.wait_for(lock, std::chrono::seconds(20), [&] { return last_[offers] >= since; });
  }

  std::atomic<int> wrong{0};      ///< answers that are no page with picks

 private:
  void ask(std::uint16_t port, const std::string& path) {
    try {
      for (wire_client client(port); !over_;) {
        std::unique_lock lock(mutex_);
        const auto since = wanted_;
        lock.unlock();
        const auto r = client.exchange(request(path));
        if (r.status != 200 || !r.whole || !has_picks(r)) ++wrong;
        lock.lock();
        auto& last = last_[has_offers(r)];
        last = std::max(last, since);
        seen_.notify_all();
      }
    } catch (const std::exception&) {
      ++wrong;
    }
  }

  std::atomic<bool> over_{false};
  std::mutex mutex_;
  std::condition_variable seen_;
  int wanted_ = 0;
  int last_[2] = {-1, -1};
  std::vector<std::thread> threads_;
};

/// Answers when its door is open.
class waiting_service final : public csgi::async_app {
 public:
  csgi::task<> http(csgi::async_exchange ex) override { return answer(ex, *this); }

  csgi::tests::witness seen;
  csgi::tests::gate door;

 private:
  static csgi::task<> answer(csgi::async_exchange ex, waiting_service& self) {
    self.seen.note("asked");
    auto passing = csgi::to_pool([&] { self.door.pass(); });
    co_await passing;
    co_await ex.respond(200, "application/json", R"({"items": [{"title": "t", "text": "x", "price": "1"}]})");
  }
};

}  // namespace

TEST_SUITE("storefront served") {
TEST_CASE("every way shows the same page on every server") {
  served promotions("promotions", "evented", {}), recommendations("recommendations", "threaded", {});
  std::string expected;
  for (const auto& server : servers) {
    served shop("storefront", server, with(promotions.url(), recommendations.url(), "20000"));
    for (const auto& way : ways) {
      CAPTURE(server);
      CAPTURE(way);
      const auto r = get(shop.number(), way);
      CHECK(r.status == 200);
      CHECK(has_offers(r));
      CHECK(has_picks(r));
      if (expected.empty()) expected = shelves(r);
      CHECK(shelves(r) == expected);
    }
    shop.ask_to_end();
    CHECK(shop.errors().empty());
    CHECK(shop.exit_code() == 0);
  }
}

TEST_CASE("a service that is slower than the timeout, or not there, leaves its section out") {
  served slow("promotions", "evented", {"--delay", "3600000"}), recommendations("recommendations", "evented", {});
  for (const auto& server : servers) {
    for (const std::string& gone : {slow.url(), std::string("http://127.0.0.1:9")}) {
      served shop("storefront", server, with(gone, recommendations.url(), "200"));
      for (const auto& way : ways) {
        CAPTURE(server);
        CAPTURE(gone);
        CAPTURE(way);
        const auto r = get(shop.number(), way);
        CHECK(r.status == 200);
        CHECK(!has_offers(r));
      }
    }
  }
}

TEST_CASE("a service that dies under load leaves its section out until it is back") {
  served recommendations("recommendations", "evented", {});
  for (const auto& server : servers) {
    for (const auto& way : ways) {
      CAPTURE(server);
      CAPTURE(way);
      auto promotions = std::make_unique<served>("promotions", "evented", words{});
      const auto port = promotions->port();
      served shop("storefront", server, with(promotions->url(), recommendations.url(), "20000"));
      load clients(shop.number(), way);
      CHECK(clients.see(true));
      promotions->kill();
      CHECK(clients.see(false));
      promotions = std::make_unique<served>("promotions", "evented", words{}, port);
      CHECK(clients.see(true));
      clients.end();
      CHECK(clients.wrong == 0);
      shop.ask_to_end();
      CHECK(shop.errors().empty());
      CHECK(shop.exit_code() == 0);
    }
  }
}

TEST_CASE("SIGTERM in the middle of work lets it end") {
  for (const auto& server : servers) {
    for (const auto& way : ways) {
      CAPTURE(server);
      CAPTURE(way);
      waiting_service service;
      csgi::tests::life services(true, service);
      REQUIRE(services.said.lines.saw("ready"));
      const auto url = "http://127.0.0.1:" + std::to_string(services.port());
      served shop("storefront", server, with(url, url, "20000"));
      wire_client client(shop.number());
      client.send(request(way));
      CHECK(service.seen.saw("asked"));
      shop.ask_to_end();
      service.door.open();
      const auto r = client.read();
      CHECK(r.status == 200);
      CHECK(has_offers(r));
      CHECK(has_picks(r));
      CHECK(shop.errors().empty());
      CHECK(shop.exit_code() == 0);
    }
  }
}

TEST_CASE("a second signal waits for no service") {
  for (const auto& server : servers) {
    for (const auto& way : ways) {
      CAPTURE(server);
      CAPTURE(way);
      waiting_service service;
      csgi::tests::life services(true, service);
      REQUIRE(services.said.lines.saw("ready"));
      const auto url = "http://127.0.0.1:" + std::to_string(services.port());
      const bool blocks = way == "/sequential";       // no stop reaches it: it ends when its questions have taken too long
      served shop("storefront", server, with(url, url, blocks ? "300" : "3600000"));
      wire_client client(shop.number());
      client.send(request(way));
      CHECK(service.seen.saw("asked"));
      shop.ask_to_end();
      shop.insist();
      CHECK(shop.exit_code() == 0);
      service.door.open();
    }
  }
}
}
