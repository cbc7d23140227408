// Tells what a page needs when the page is on its way.
#include <csgi/app.hpp>
#include <csgi/informational.hpp>

struct hints_too_late final : csgi::async_app {
  csgi::task<> http(csgi::async_exchange ex) override {
    ex.start(200);
    co_await ex.flush();
    const csgi::field style[] = {{"link", "</style.css>; rel=preload"}};
    try {
      co_await csgi::inform(ex, 103, style);
    } catch (const csgi::misuse&) {   // whoever needs the hint
    }
    co_await ex.finish("a page\n");
  }
};

CSGI_EXPORT_APP(hints_too_late)
