// served_pair.cpp - see served_pair.hpp.
#include "served_pair.hpp"
#include "limits.hpp"
#include "waiting.hpp"
#include <algorithm>
#include <fstream>
#include <map>
#include <thread>

namespace csgi::soak {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using conformance::running_subject;

namespace {

constexpr std::size_t large_file = 1 << 20;
constexpr auto longest_rest = 15s;
constexpr std::size_t most_said = 3'000;

fs::path new_directory() {
  std::string name = (fs::temp_directory_path() / "csgi_soak_XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::system_error(errno, std::generic_category(), "no temporary directory");
  return name;
}

void put_documents(const fs::path& from, const fs::path& to) {
  fs::copy(from, to, fs::copy_options::recursive);
  std::ofstream large(to / "large.bin", std::ios::binary);
  for (std::size_t i = 0; i < large_file; ++i) large.put(static_cast<char>('a' + i % 23));
}

std::string filled_in(std::string word, const std::map<std::string, std::string>& values) {
  for (const auto& [name, value] : values)
    if (const auto at = word.find('{' + name + '}'); at != word.npos) word.replace(at, name.size() + 2, value);
  return word;
}

std::size_t resident_of(int process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string word; status >> word;)
    if (std::size_t kilobytes = 0; word == "VmRSS:" && status >> kilobytes) return kilobytes << 10;
  return 0;
}

std::size_t descriptors_of(int process) {
  std::error_code gone;
  const fs::directory_iterator all("/proc/" + std::to_string(process) + "/fd", gone);
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

std::string first_part(const std::string& text) { return text.size() <= most_said ? text : text.substr(0, most_said) + "…"; }

}  // namespace

fs::path plugin_of(const places& where, const soaked_app& app) {
  const fs::path given(app.name);
  return given.has_parent_path() ? fs::absolute(given) : where.apps / (app.name + ".so");
}

served_pair::served_pair(const places& where, const soaked_app& app, const std::string& server)
    : where_(where) {
  std::map<std::string, std::string> values{{"data", directory_ / "data"}, {"spool", directory_ / "spool"}};
  put_documents(where.documents, directory_ / "data");
  for (const auto& helper : app.helpers) {
    helpers_.push_back(start(where.apps / (helper + ".so"), "evented", without_delay()));
    values[helper] = std::to_string(helpers_.back()->port());
  }
  std::vector<std::string> arguments;
  for (const auto& word : app.arguments) arguments.push_back(filled_in(word, values));
  served_ = start(plugin_of(where, app), server, arguments);
}

own_directory::own_directory() : path_(new_directory()) {}

own_directory::~own_directory() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

/// In a session of its own, so that Ctrl-C reaches this program and not what it has started.
std::unique_ptr<running_subject> served_pair::start(const fs::path& plugin, const std::string& server,
                                                    const std::vector<std::string>& arguments) const {
  std::vector<std::string> words{"setsid", where_.command, "serve", "{app}", "--port", "{port}", "--server", server};
  words.push_back("--no-access-log");
  for (const auto& [name, value] : told_options()) words.insert(words.end(), {"--" + name, value});
  words.push_back("--");
  words.insert(words.end(), arguments.begin(), arguments.end());
  conformance::form with;
  with.plugin = plugin.filename();
  return conformance::spawned(words, plugin.parent_path())->start(with, {});
}

figures served_pair::at_rest(std::size_t before) const {
  const int process = served_->process();
  if (before > 0) {
    conformance::wait_for(longest_rest, [&] { return descriptors_of(process) <= before; });
  } else {      // until all deadlines are over
    std::this_thread::sleep_for(3 * other_deadlines);
  }
  return {resident_of(process), descriptors_of(process)};
}

void served_pair::end(tally& counted) {
  served_->stop();
  const auto code = served_->exit_code();
  if (!code) counted.surprised({"the server does not end at SIGTERM"});
  else if (*code != 0) counted.surprised({"the server ends with exit code " + std::to_string(*code)});
  const std::string said = served_->said();
  if (!said.empty()) counted.surprised({"the server complains", first_part(said)});
}

}  // namespace csgi::soak
