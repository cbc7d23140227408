// A plug-in for the tests of workers, which are told apart by what it answers: the id of its process. It fails to start while there is
// a file "broken" in the directory that is its argument, and hangs while there is one "stuck", after making
// one "hangs"; /crash ends the process; /read logs, then reads the body it answers.
#include <csgi/app.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <unistd.h>

namespace {

class fragile final : public csgi::blocking_app {
 public:
  explicit fragile(csgi::arguments given) : directory_(given.empty() ? "" : std::string(given.front())) {}

  void startup(csgi::server_context&) override {
    if (std::filesystem::exists(directory_ / "broken")) throw std::runtime_error("broken");
    while (std::filesystem::exists(directory_ / "stuck")) {
      std::ofstream(directory_ / "hangs").put('\n');
      ::usleep(1000);
    }
  }

  void http(csgi::blocking_exchange ex) override {
    if (ex.head().path == "/crash") std::_Exit(3);
    std::string body;
    if (ex.head().path == "/read") {
      ex.log(csgi::log_level::warning, "reads");
      for (auto chunk = ex.read(); !chunk.empty(); chunk = ex.read()) body += chunk;
    }
    ex.respond(200, "text/plain", std::to_string(::getpid()) + '\n' + body);
  }

 private:
  std::filesystem::path directory_;
};

}  // namespace

CSGI_EXPORT_APP(fragile)
