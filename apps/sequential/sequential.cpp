#include "sequential.hpp"
#include <csgi/concurrency.hpp>
#include <csgi/run.hpp>

using namespace std::chrono_literals;

namespace {

csgi::task<int> doubled(int number) {
  co_await csgi::sleep_for(1ms);        // where a service or a database would be asked
  co_return 2 * number;
}

csgi::task<int> sum() {
  auto both = csgi::when_all(doubled(20), doubled(1));
  const auto [first, second] = co_await std::move(both);
  co_return first + second;
}

}  // namespace

void sequential::http(csgi::blocking_exchange ex) {
  const int value = csgi::run(sum());
  ex.respond(200, "text/plain", std::to_string(value) + '\n');
}
