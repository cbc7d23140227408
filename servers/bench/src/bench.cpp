// csgi_bench: what a request, or a WebSocket's message, costs each server, compared with the floor.
#include "command_line.hpp"
#include "comparison.hpp"
#include "json_report.hpp"
#include "table.hpp"
#include "timing.hpp"
#include "vanishing_directory.hpp"
#include <fstream>
#include <iostream>
#include <sys/resource.h>
#include <unistd.h>

namespace csgi::bench {

namespace {

// As many descriptors as may be had; servers and clients inherit that.
void allow_descriptors() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

void make_files(const std::filesystem::path& at) {
  using std::filesystem::perms;
  constexpr auto others = perms::others_exec | perms::others_read;      // as servers that root starts are somebody else
  std::filesystem::permissions(at, others, std::filesystem::perm_options::add);
  std::filesystem::create_directory(at / "www");
  std::ofstream(at / "www/hello.txt") << "Hello\n";
  std::ofstream(at / "www/file") << std::string(1024 * 1024, 'x');
}

void list(const std::vector<subject>& subjects, const std::vector<scenario>& scenarios, const directories& in) {
  std::cout << "servers:\n";
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    const auto why = absence(subjects[i], in);
    if (i == 0 || subjects[i].name != subjects[i - 1].name || why)
      std::cout << "  " << subjects[i].name << (why ? ": " + *why : "") << '\n';
  }
  std::cout << "scenarios:\n";
  for (const scenario& each : scenarios) {
    const auto why = each.obstacle ? each.obstacle() : std::nullopt;
    std::cout << "  " << each.name << (why ? ": " + *why : "") << '\n';
  }
}

onlooker audience() {
  const bool terminal = ::isatty(STDERR_FILENO) == 1;
  const auto begins = [terminal](const std::string& scenario, int round, const std::string& server) {
    if (terminal) std::cerr << "\r\x1b[K" << scenario << ", round " << round << ": " << server << std::flush;
    else std::cerr << scenario << ", round " << round << ": " << server << '\n';
  };
  const auto is_done = [terminal](const result& one) {
    if (terminal) std::cerr << "\r\x1b[K" << std::flush;
    std::cout << table_of(one) << std::flush;
  };
  return {begins, is_done};
}

int run(const command_line& asked) {
  auto subjects = all_subjects();
  auto scenarios = all_scenarios();
  select(subjects, scenarios, asked.wanted);
  std::ofstream json;
  if (!asked.json.empty()) json.open(asked.json);
  if (!asked.json.empty() && !json) throw usage_error("--json: cannot write to " + asked.json.string());

  const vanishing_directory here("csgi_bench");
  const auto build = std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path();
  const directories in{build, CSGI_PEERS, here.path()};
  allow_descriptors();
  if (asked.what == command_line::verb::list) return list(subjects, scenarios, in), 0;
  make_files(in.here);
  const auto on = two_cores();
  std::cout << asked.rounds << (asked.rounds == 1 ? " round" : " rounds") << " of " << asked.seconds
            << " s for each server and load; server on core " << on.server << ", client on core " << on.client << "; medians (least – most)\n" << std::flush;
  const conditions with{in, on, std::chrono::duration<double>(asked.seconds), std::chrono::duration<double>(asked.warm_up_seconds)};
  const auto made = compare(std::move(subjects), std::move(scenarios), with, asked.rounds, audience());
  std::cout << remarks_on(made) << std::flush;
  json << json_of(made, {asked.rounds, asked.seconds, on});
  json.close();
  if (!asked.json.empty() && !json) throw std::runtime_error("cannot write to " + asked.json.string());
  return made.failed.empty() && !made.results.empty() ? 0 : 1;
}

}  // namespace

}  // namespace csgi::bench

int main(int argc, char** argv) {
  try {
    const auto asked = csgi::bench::parse_command_line({argv + 1, argv + argc});
    if (asked.what == csgi::bench::command_line::verb::help) return std::cout << asked.help, 0;
    return csgi::bench::run(asked);
  } catch (const csgi::bench::usage_error& error) {
    std::cerr << "csgi_bench: " << error.what() << '\n';
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "csgi_bench: " << error.what() << '\n';
    return 1;
  }
}
