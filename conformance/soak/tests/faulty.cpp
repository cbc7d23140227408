// An app with the fault that the environment names, for the soak to find out.
#include <atomic>
#include <csgi/app.hpp>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

constexpr unsigned now_and_then = 100;                  // requests
constexpr std::size_t kept = 512 * 1024;                // bytes

class faulty final : public csgi::blocking_app {
 public:
  void shutdown() override {
    while (has("never-ends")) std::this_thread::sleep_for(std::chrono::hours(1));
  }

  void http(csgi::blocking_exchange ex) override {
    const bool this_one = ++requests_ % now_and_then == 0;
    if (has("crashes") && this_one) std::abort();
    if (has("throws") && this_one) throw std::runtime_error("no luck");
    if (has("loses-descriptors")) [[maybe_unused]] const int lost = ::dup(STDERR_FILENO);
    if (has("keeps-memory")) keep();
    ex.respond(200, "text/plain", has("changes") && this_one ? "another\n" : "the same\n");
  }

 private:
  bool has(std::string_view fault) const noexcept { return fault_ == fault; }

  static void keep() {
    auto* block = new std::vector<char>(kept, 'x');
    [[maybe_unused]] static std::atomic<std::vector<char>*> last{nullptr};
    last = block;
  }

  const std::string fault_ = std::getenv("CSGI_SOAK_FAULT") ? std::getenv("CSGI_SOAK_FAULT") : "";
  std::atomic<unsigned> requests_{0};
};

}  // namespace

CSGI_EXPORT_APP(faulty)
