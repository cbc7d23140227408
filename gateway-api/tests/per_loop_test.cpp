#include <csgi/per_loop.hpp>
#include "recording_exchange.hpp"
#include <doctest/doctest.h>
#include <list>
#include <thread>

using namespace csgi;

namespace {

class some_loop final : public loop_context {
 public:
  csgi::executor& executor() noexcept override { return executor_; }
  std::pmr::memory_resource& memory() noexcept override { return *std::pmr::new_delete_resource(); }
  void log(log_level, std::string_view) noexcept override {}
  void* find(const extension_id&) noexcept override { return nullptr; }

 private:
  virtual_executor executor_{completion::later};
};

struct counted {
  explicit counted(int& of, std::string text) : living(of), name(std::move(text)) { ++living; }
  counted(const counted&) = delete;
  counted& operator=(const counted&) = delete;
  ~counted() { --living; }
  int& living;
  std::string name;
};

}  // namespace

TEST_SUITE("per_loop") {
TEST_CASE("each loop has its own, until it is erased or all of it ends") {
  int living = 0;
  std::list<some_loop> loops(300);
  {
    per_loop<counted> all;
    int number = 0;
    for (auto& each : loops) all.emplace(each, living, std::to_string(number++));
    number = 0;
    for (auto& each : loops) {
      CHECK(all.at(each).name == std::to_string(number));
      CHECK(&all.at(each.executor()) == &all.at(each));
      ++number;
    }
    CHECK(living == 300);
    all.erase(loops.front());
    CHECK(living == 299);
    CHECK_THROWS_AS(all.at(loops.front()), misuse);
    all.erase(loops.front());
    CHECK(all.emplace(loops.front(), living, "again").name == "again");
    CHECK(all.emplace(loops.front(), living, "and again").name == "and again");
    CHECK(living == 300);
  }
  CHECK(living == 0);
}

TEST_CASE("a request finds that of its executor; one that has none is told what is wrong") {
  per_loop<int> numbers;
  some_loop loop;
  numbers.emplace(loop, 1);
  recording_exchange x(completion::later);
  CHECK_THROWS_WITH_AS(numbers.at(async_exchange(x)),
                       "per_loop::at() where loop_startup() has made nothing, as behind csgi::as_blocking: Operation not permitted", misuse);
}

TEST_CASE("loops start, ask and end beside each other") {
  constexpr int loops = 8;
  per_loop<std::string> names;
  std::list<some_loop> own[loops];
  std::atomic<int> right{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < loops; ++i)
      threads.emplace_back([&, i] {
        own[i].resize(100);
        for (auto& each : own[i]) names.emplace(each, std::to_string(i));
        for (auto& each : own[i]) right += names.at(each) == std::to_string(i);
        for (auto& each : own[i]) names.erase(each);
      });
  }
  CHECK(right == loops * 100);
}
}
