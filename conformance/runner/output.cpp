// output.cpp - see output.hpp.
#include "output.hpp"
#include <ctime>
#include "html_report.hpp"
#include "json_report.hpp"
#include "junit_report.hpp"
#include "utf8.hpp"

namespace csgi::conformance {

namespace {

std::string now() {
  const std::time_t seconds = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc)};
}

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const auto& word : words) all += (all.empty() ? "" : " ") + word;
  return all;
}

}  // namespace

void outputs::write(const report& r) {
  if (json_.wanted()) json_.write(to_json(r));
  if (junit_.wanted()) junit_.write(to_junit(r));
  if (html_.wanted()) html_.write(to_html({r}));
}

report begun_report(const std::string& label, const std::vector<std::string>& command) {
  report r;
  r.command = command;
  for (auto& word : r.command) word = as_utf8(word);
  r.label = label.empty() ? joined(r.command) : as_utf8(label);
  r.when = now();
  r.version = CSGI_VERSION;
  return r;
}

}  // namespace csgi::conformance
