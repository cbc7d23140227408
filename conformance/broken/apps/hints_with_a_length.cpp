// Sends the fields of its page as a hint: its length too.
#include <csgi/app.hpp>
#include <csgi/informational.hpp>

struct hints_with_a_length final : csgi::blocking_app {
  void http(csgi::blocking_exchange ex) override {
    const csgi::field page[] = {{"link", "</style.css>; rel=preload"}, {"content-length", "7"}};
    try {
      csgi::inform(ex, 103, page);
    } catch (const csgi::misuse&) {   // whoever needs the hint
    }
    ex.start(200, {{"content-length", "7"}});
    ex.finish("a page\n");
  }
};

CSGI_EXPORT_APP(hints_with_a_length)
