// Chooses whichever is next, and names whichever is next as its parts.
#include <atomic>
#include <csgi/app.hpp>

struct one_of_two final : csgi::blocking_app {
  void http(csgi::blocking_exchange ex) override { ex.respond(200, "text/plain", "one of two\n"); }
};

struct chooses_by_turns final : csgi::composite_app {
  csgi::application choose(const csgi::request&) noexcept override { return apps[turn++ % 2]; }
  std::span<const csgi::application> parts() const noexcept override { return {names + named++ % 2, 1}; }

  one_of_two apps[2];
  csgi::application names[2] = {apps[0], apps[1]};
  std::atomic<unsigned> turn{0};
  mutable std::atomic<unsigned> named{0};
};

CSGI_EXPORT_APP(chooses_by_turns)
