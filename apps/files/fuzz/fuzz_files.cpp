// Any target, any range: what is opened and what is sent lies below the root, and is what the path names.
#include "recording_exchange.hpp"
#include "require.hpp"
#include "served_directory.hpp"
#include <climits>
#include <files/escape.hpp>
#include <files/files.hpp>
#include <csgi/serving/received_request.hpp>
#include <csgi/serving/request_target.hpp>

namespace {

constexpr auto by_kernel = root_directory::containment::by_kernel, by_steps = root_directory::containment::by_steps;

/// A directory with links to all sides. What may not be sent says SECRET.
struct sample_directory : served_directory {
  const root_directory with_kernel, with_steps;
  files app;
  const std::string real;

  sample_directory() : with_kernel(filled(*this).path(), by_kernel), with_steps(path(), by_steps), app(path()),
                       real(std::filesystem::canonical(path()).string()) {}

 private:
  static const served_directory& filled(const served_directory& d) {
    d.write("../outside.txt", "SECRET");
    d.write("a.txt", "0123456789");
    d.write("d/e/f.html", "<p>inside</p>");
    d.write("d/.hidden", "SECRET");
    d.write("i/index.html", "index");
    d.write(".well-known/w", "known");
    d.write(".git/config", "SECRET");
    d.link("out", "../outside.txt");
    d.link("d/out", "../../outside.txt");
    d.link("up", "..");
    d.link("root", "/");
    d.link("l", "d/e/f.html");
    d.link("ld", "d/e");
    d.link("loop", "loop");
    return d;
  }
};

struct stat facts_of(const file_descriptor& file) {
  struct stat facts {};
  require(::fstat(file.number(), &facts) == 0);
  return facts;
}

/// Where the kernel says that it is.
std::string place_of(const file_descriptor& file) {
  char text[PATH_MAX];
  const auto size = ::readlink(("/proc/self/fd/" + std::to_string(file.number())).c_str(), text, sizeof text);
  require(size > 0);
  return {text, static_cast<std::size_t>(size)};
}

bool shows_hidden(std::string_view path) {
  for (auto dot = path.find("/."); dot != path.npos; dot = path.find("/.", dot + 1))
    if (!std::string(path.substr(dot)).append("/").starts_with("/.well-known/")) return true;
  return false;
}

void check_opened(const sample_directory& directory, std::string_view path) {
  const auto file = directory.with_kernel.open(path), by_step = directory.with_steps.open(path);
  for (const auto* opened : {&file, &by_step}) {
    if (!*opened) continue;
    const auto place = place_of(*opened);
    require(place == directory.real || place.starts_with(directory.real + '/'));
    require(!shows_hidden(place.substr(directory.real.size())) && !shows_hidden(std::string("/").append(path)));
  }
  if (!by_step) return;
  require(file && facts_of(file).st_ino == facts_of(by_step).st_ino);
  require(place_of(by_step) == (path.empty() ? directory.real : directory.real + '/' + std::string(path)));
}

void check_escapes(std::string_view text) {
  require(html_escaped(text).find_first_of("<>\"'") == std::string::npos);
  const auto encoded = percent_encoded(text);
  std::string decoded;
  csgi::append_decoded(decoded, encoded);
  const std::string target = "/" + encoded;
  require(decoded == text && !csgi::request_target{}.read("GET", target));
}

/// Serves the target as a server would, if one would.
void check_response(sample_directory& directory, const csgi::scripted_request& script) {
  const csgi::field host[] = {{"Host", "a"}};
  csgi::received_request received;
  if (received.read({.method = script.method, .target = script.target, .fields = host}, {})) return;
  check_opened(directory, received.head().path.substr(received.head().path.starts_with('/') ? 1 : 0));
  csgi::recording_exchange exchange(csgi::completion::inside, script);
  exchange.serve(directory.app);
  const auto& response = exchange.response();
  constexpr int known[] = {200, 206, 301, 304, 404, 412, 416};
  require(std::ranges::find(known, response.status) != std::end(known) && !response.aborted);
  require(response.body.find("SECRET") == std::string::npos);
  if (response.status == 301) {
    const auto location = response.field("location").value_or("");
    require(location.starts_with('/') && !location.starts_with("//") && location.find_first_of("\r\n\\") == location.npos);
  }
  if (const auto length = response.field("content-length"); length && script.method == "GET" && response.status <= 206)
    require(*length == std::to_string(response.body.size()));
  if (response.status == 206 && received.head().path == "/a.txt" && script.method == "GET")
    require(!response.body.empty() && std::string_view("0123456789").find(response.body) != std::string_view::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  static sample_directory directory;
  if (size == 0 || size > 5000) return 0;
  const auto bytes = bytes_of(data + 1, size - 1);
  const auto line = std::min(bytes.find('\n'), bytes.size());
  const auto target = bytes.substr(0, line), range = bytes.substr(std::min(line + 1, bytes.size()));
  check_opened(directory, target);
  check_escapes(target);
  csgi::scripted_request script;
  script.method = (data[0] & 1) != 0 ? "HEAD" : "GET";
  script.target = target;
  constexpr const char* names[] = {"range", "if-none-match", "if-modified-since", "if-range"};
  if (!range.empty()) script.fields.emplace_back(names[data[0] >> 1 & 3], range);
  check_response(directory, script);
  return 0;
}
