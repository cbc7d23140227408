// linked_subject.cpp - a server of this process.
#include "waiting.hpp"
#include <atomic>
#include <charconv>
#include <csgi/conformance/subject.hpp>
#include <csgi/plugin_library.hpp>
#include <csgi/server_observer.hpp>
#include <string_view>

namespace csgi::conformance {

namespace {

std::uint64_t number_in(std::string_view value) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc{} || end != value.data() + value.size()) throw not_a_subject("no number: " + std::string(value));
  return number;
}

/// The suite gives times as whole milliseconds: "300ms".
std::chrono::milliseconds time_in(std::string_view value) {
  if (!value.ends_with("ms")) throw not_a_subject("no time in milliseconds: " + std::string(value));
  return std::chrono::milliseconds(number_in(value.substr(0, value.size() - 2)));
}

struct setter {
  std::string_view name;
  void (*set)(server_options& options, const std::string& value);
};

constexpr setter setters[] = {
    {"root-path", [](server_options& o, const std::string& v) { o.root_path = v; }},
    {"paths", [](server_options& o, const std::string& v) { o.paths = v == "plain" ? served_paths::plain : served_paths::any; }},
    {"threads", [](server_options& o, const std::string& v) { o.threads = static_cast<unsigned>(number_in(v)); }},
    {"queue", [](server_options& o, const std::string& v) { o.queue = number_in(v); }},
    {"limit-line", [](server_options& o, const std::string& v) { o.limits.request_line = number_in(v); }},
    {"limit-head", [](server_options& o, const std::string& v) { o.limits.request_head = number_in(v); }},
    {"limit-fields", [](server_options& o, const std::string& v) { o.limits.request_fields = number_in(v); }},
    {"limit-body", [](server_options& o, const std::string& v) { o.limits.request_body = number_in(v); }},
    {"deadline-app", [](server_options& o, const std::string& v) { o.deadlines.app = time_in(v); }},
    {"limit-connections", [](server_options& o, const std::string& v) { o.limits.connections = number_in(v); }},
    {"limit-connections-per-address", [](server_options& o, const std::string& v) { o.limits.connections_per_address = number_in(v); }},
    {"limit-requests-per-connection", [](server_options& o, const std::string& v) { o.limits.requests_per_connection = number_in(v); }},
    {"limit-websocket-message", [](server_options& o, const std::string& v) { o.limits.websocket_message = number_in(v); }},
    {"deadline-head", [](server_options& o, const std::string& v) { o.deadlines.head = time_in(v); }},
    {"deadline-body", [](server_options& o, const std::string& v) { o.deadlines.body = time_in(v); }},
    {"deadline-write", [](server_options& o, const std::string& v) { o.deadlines.write = time_in(v); }},
    {"deadline-first-byte", [](server_options& o, const std::string& v) { o.deadlines.first_byte = time_in(v); }},
    {"deadline-idle", [](server_options& o, const std::string& v) { o.deadlines.idle = time_in(v); }},
    {"deadline-queue", [](server_options& o, const std::string& v) { o.deadlines.queue = time_in(v); }},
    {"deadline-websocket-ping", [](server_options& o, const std::string& v) { o.deadlines.websocket_ping = time_in(v); }},
    {"deadline-websocket-close", [](server_options& o, const std::string& v) { o.deadlines.websocket_close = time_in(v); }},
    {"grace", [](server_options& o, const std::string& v) { o.deadlines.grace = time_in(v); }},
};

server_options with(server_options options, const std::vector<server_option>& told) {
  for (const auto& option : told) {
    const setter* found = nullptr;
    for (const auto& each : setters)
      if (each.name == option.name) found = &each;
    if (found == nullptr) throw not_a_subject("no option of a server is called " + option.name);
    found->set(options, option.value);
  }
  return options;
}

/// Nothing that a server under test says is of interest but that it is ready.
class readiness final : public server_observer {
 public:
  void ready(const endpoint&) noexcept override { ready_.store(true); }
  void log(log_level, std::string_view) noexcept override {}
  bool is_ready() const noexcept { return ready_.load(); }

 private:
  std::atomic<bool> ready_{false};
};

class linked_server final : public running_subject {
 public:
  linked_server(const std::function<std::unique_ptr<csgi::server>(const csgi::server_options&)>& make,
                csgi::server_options options, const std::string& plugin)
      : library_(plugin), app_(library_.make_app()) {
    options.port = 0;
    options.observer = &readiness_;
    server_ = make(options);
    thread_ = std::thread([this] { serve(); });
    wait_for(start_patience, [this] { return readiness_.is_ready() || ended_.load(); });
    if (readiness_.is_ready()) return;
    end();
    throw not_a_subject(failure_.empty() ? "run() calls no ready()" : "run() threw: " + failure_);
  }

  ~linked_server() override { end(); }

  std::uint16_t port() const noexcept override { return server_->port(); }
  void stop() noexcept override { server_->stop(); }

  std::optional<int> exit_code() override {
    if (!wait_for(end_patience, [this] { return ended_.load(); })) return std::nullopt;
    return failure_.empty() ? 0 : 1;
  }

 private:
  void serve() noexcept {
    try {
      server_->run(app_.get());
    } catch (const std::exception& error) {
      failure_ = error.what();
    } catch (...) {
      failure_ = "what is no std::exception";
    }
    ended_.store(true);
  }

  void end() noexcept {
    if (!thread_.joinable()) return;
    server_->stop();
    server_->stop();
    thread_.join();
  }

  plugin_library library_;
  plugin_library::owned_app app_;
  readiness readiness_;
  std::unique_ptr<csgi::server> server_;
  std::string failure_;               // of run(), before ended_
  std::atomic<bool> ended_{false};
  std::thread thread_;
};

class linked_subject final : public subject {
 public:
  linked_subject(std::function<std::unique_ptr<csgi::server>(const csgi::server_options&)> make, csgi::server_options options,
                 std::string directory)
      : make_(std::move(make)), options_(std::move(options)), directory_(std::move(directory)) {}

  std::unique_ptr<running_subject> start(const form& f, const std::vector<server_option>& told) const override {
    try {
      return std::make_unique<linked_server>(make_, with(options_, told), directory_ + '/' + f.plugin);
    } catch (const not_a_subject&) {
      throw;
    } catch (const std::exception& error) {
      throw not_a_subject(error.what());
    }
  }

  bool takes_options() const noexcept override { return true; }

 private:
  std::function<std::unique_ptr<csgi::server>(const csgi::server_options&)> make_;
  csgi::server_options options_;
  std::string directory_;
};

}  // namespace

std::unique_ptr<subject> linked(std::function<std::unique_ptr<csgi::server>(const csgi::server_options&)> make,
                                csgi::server_options options, std::string directory) {
  return std::make_unique<linked_subject>(std::move(make), std::move(options), std::move(directory));
}

}  // namespace csgi::conformance
