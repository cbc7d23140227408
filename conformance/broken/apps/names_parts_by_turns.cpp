// Chooses one app always, but names it as its part every other time.
#include <atomic>
#include <csgi/app.hpp>

struct only_one final : csgi::blocking_app {
  void http(csgi::blocking_exchange ex) override { ex.respond(200, "text/plain", "the only one\n"); }
};

struct names_parts_by_turns final : csgi::composite_app {
  csgi::application choose(const csgi::request&) noexcept override { return app; }
  std::span<const csgi::application> parts() const noexcept override { return {&name, named++ % 2}; }

  only_one app;
  csgi::application name = app;
  mutable std::atomic<unsigned> named{0};
};

CSGI_EXPORT_APP(names_parts_by_turns)
