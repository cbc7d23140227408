// A plug-in for the tests: a chain as a type, with a stage of another kind than the app. The argument is for the app.
#include <csgi/app.hpp>
#include <csgi/chain.hpp>
#include <csgi/identity.hpp>

namespace {

class greeter final : public csgi::async_app {
 public:
  explicit greeter(csgi::arguments given) {
    if (given.size() != 1) throw std::invalid_argument("whom to greet? -- NAME");
    text_ = "hello " + std::string(given.front()) + '\n';
  }

  csgi::task<> http(csgi::async_exchange ex) override { co_await ex.respond(200, "text/plain", text_); }

 private:
  std::string text_;
};

struct doorkeeper {
  void operator()(csgi::blocking_exchange ex, csgi::next_app app) const {
    if (ex.head().path == "/secret") ex.respond(403, "text/plain", "no\n");
    else app(ex);
  }
};

using guarded = csgi::chain<csgi::identity, doorkeeper, greeter>;

}  // namespace

CSGI_EXPORT_APP(guarded)
