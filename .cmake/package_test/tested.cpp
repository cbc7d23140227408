// Tests an app without a server, and with the opt-in headers that need nothing else.
#include <csgi/app.hpp>
#include <csgi/cookies.hpp>
#include <csgi/forms.hpp>
#include <csgi/storage.hpp>
#include <csgi/testing/async_client.hpp>
#include <cstdio>

struct greeting final : csgi::blocking_app {
  void http(csgi::blocking_exchange ex) override {
    const csgi::parameters query(ex.head());
    ex.respond(200, "text/plain", query.find("who").value_or("nobody"));
  }
};

int main() {
  greeting app;
  csgi::testing::client c(app);
  std::printf("%s\n", c.get("/?who=tested").body.c_str());
}
