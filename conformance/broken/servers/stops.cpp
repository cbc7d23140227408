// stops.cpp - servers that stop too soon, too late, or without a word.
#include "wire_faults.hpp"
#include <atomic>

namespace csgi::conformance {

namespace {

/// A server whose stop() does something else.
class stopped_otherwise final : public csgi::server {
 public:
  stopped_otherwise(std::unique_ptr<csgi::server> inner, void (*act)(csgi::server&, int)) : inner_(std::move(inner)), act_(act) {}
  void run(application app) override { inner_->run(app); }
  void stop() noexcept override { act_(*inner_, ++times_); }
  std::uint16_t port() const noexcept override { return inner_->port(); }

 private:
  std::unique_ptr<csgi::server> inner_;
  void (*act_)(csgi::server& inner, int time);
  std::atomic<int> times_{0};
};

faulty_server stops(void (*act)(csgi::server& inner, int time)) {
  return [act](const server_options& options, sound_server sound) {
    return std::make_unique<stopped_otherwise>(sound(options), act);
  };
}

class leaves_without_a_word final : public wire_fault {
  void from_server(std::string& bytes) override {
    if (stopping) remove_lines(bytes, "Connection: close");
  }
};

}  // namespace

broken_servers with_broken_stops() {
  return {
      {"accepts_after_a_stop", {"CSGI-SERVER-015"}, relayed({.stays_open = true})},
      {"stops_in_the_middle", {"CSGI-SERVER-016"}, stops([](csgi::server& inner, int) {
         inner.stop();
         inner.stop();
       })},
      {"stops_without_a_word", {"CSGI-SERVER-017"}, relayed<leaves_without_a_word>()},
      {"stops_at_the_third_asking", {"CSGI-SERVER-018"}, stops([](csgi::server& inner, int time) {
         if (time != 2) inner.stop();
       })},
  };
}

}  // namespace csgi::conformance
