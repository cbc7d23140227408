// A plug-in as it should be. With `--mark FILE` its destructor leaves that file behind.
#include <csgi/app.hpp>
#include <fstream>

namespace {

class fitting final : public csgi::blocking_app {
 public:
  explicit fitting(csgi::arguments given) : mark_(given.size() == 2 ? given[1] : std::string_view{}) {}
  ~fitting() override {
    if (!mark_.empty()) std::ofstream(mark_) << "destroyed\n";
  }

  void http(csgi::blocking_exchange ex) override { ex.respond(200, "text/plain", "fits\n"); }

 private:
  std::string mark_;
};

}  // namespace

CSGI_EXPORT_APP(fitting)
