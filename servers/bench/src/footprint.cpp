#include "footprint.hpp"
#include "polite_client.hpp"
#include "processor_time.hpp"
#include "requests.hpp"
#include "running_server.hpp"
#include <atomic>
#include <fstream>
#include <stdexcept>
#include <sys/mman.h>

namespace csgi::bench {

namespace {

constexpr int idle = 10'000;

void ask(const running_server& server, std::string_view request, int times) {
  polite_client client(port_of(server.url()));
  for (int i = 0; i < times; ++i) client.ask(request);
}

double instructions_of(const subject& of, const conditions& with, std::string_view request, int times) {
  const auto file = with.in.here / "callgrind.out";
  std::filesystem::remove(file);
  const auto valgrind = program("valgrind");
  if (!valgrind) throw std::runtime_error("valgrind is not there");
  const std::vector<std::string> under{*valgrind, "--quiet", "--tool=callgrind", "--callgrind-out-file=" + file.string()};
  running_server server(of, with.in, {.core = with.on.server, .under = under});
  ask(server, request, times);
  server.stop();
  std::ifstream written(file);
  return parse_callgrind_totals(written);
}

// What allocation_counter.so, in the server, counts.
class allocation_count {
 public:
  explicit allocation_count(const std::filesystem::path& file) {
    std::ofstream(file, std::ios::trunc) << std::string(sizeof(counter), '\0');
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    void* const memory = ::mmap(nullptr, sizeof(counter), PROT_READ, MAP_SHARED, descriptor, 0);
    ::close(descriptor);
    if (memory == MAP_FAILED) throw std::runtime_error("cannot map " + file.string());
    shared_ = static_cast<const counter*>(memory);
  }
  allocation_count(const allocation_count&) = delete;
  allocation_count& operator=(const allocation_count&) = delete;
  ~allocation_count() { ::munmap(const_cast<counter*>(shared_), sizeof(counter)); }

  double now() const { return static_cast<double>(shared_->load()); }

 private:
  using counter = std::atomic<std::uint64_t>;
  const counter* shared_;
};

}  // namespace

double parse_callgrind_totals(std::istream& file) {
  constexpr std::string_view name = "totals: ";
  for (std::string line; std::getline(file, line);)
    if (line.starts_with(name)) return std::stod(line.substr(name.size()));
  throw std::runtime_error("callgrind says nothing");
}

double instructions_per_request(const subject& server, const conditions& with, std::string_view request) {
  constexpr int few = 200, many = 1'200;
  return (instructions_of(server, with, request, many) - instructions_of(server, with, request, few)) / (many - few);
}

double allocations_per_request(const subject& of, const conditions& with) {
  constexpr int warm_up = 1'000, times = 2'000;
  const auto file = with.in.here / "allocations";
  const allocation_count count(file);
  const std::map<std::string, std::string> environment{{"LD_PRELOAD", with.in.build / "bench/allocation_counter.so"},
                                                       {"CSGI_ALLOCATION_COUNT", file}};
  running_server server(of, with.in, {.core = with.on.server, .environment = environment});
  polite_client client(port_of(server.url()));
  const auto ask_often = [&](int often) {
    for (int i = 0; i < often; ++i) client.ask(small_request);
  };
  ask_often(warm_up);
  const double before = count.now();
  if (before == 0) throw std::runtime_error("the server does not let its allocations be counted");
  ask_often(times);
  return (count.now() - before) / times;
}

double bytes_per_idle_connection(const subject& of, const conditions& with) {
  running_server server(of, with.in, {.core = with.on.server});
  ask(server, small_request, 100);
  const double before = resident_bytes(server.id());
  std::vector<polite_client> clients;
  for (int i = 0; i < idle; ++i) clients.emplace_back(port_of(server.url())).ask(small_request);
  return (resident_bytes(server.id()) - before) / idle;
}

double bytes_per_idle_websocket(const subject& of, const conditions& with) {
  running_server server(of, with.in, {.core = with.on.server});
  const double before = resident_bytes(server.id());
  const auto client = with.in.build / "bench/websocket_load";
  child_process holding({client, server.url(), std::to_string(idle), "0", "125", "2"}, with.on.client);
  holding.output_line();      // all are open
  const double after = resident_bytes(server.id());
  holding.exit_code();
  return (after - before) / idle;
}

}  // namespace csgi::bench
