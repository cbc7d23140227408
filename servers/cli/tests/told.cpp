// A plug-in for the tests: answers the arguments it was made with, one a line, and logs each request; /silent not at all.
#include <csgi/app.hpp>

namespace {

class told final : public csgi::blocking_app {
 public:
  explicit told(csgi::arguments given) {
    for (const auto each : given) text_.append(each) += '\n';
  }

  void http(csgi::blocking_exchange ex) override {
    ex.log(csgi::log_level::warning, "asked");
    if (ex.head().path == "/silent") return;
    ex.respond(200, "text/plain", text_);
  }

 private:
  std::string text_;
};

}  // namespace

CSGI_EXPORT_APP(told)
