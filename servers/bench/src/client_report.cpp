#include "client_report.hpp"
#include <charconv>
#include <span>
#include <stdexcept>
#include <string>

namespace csgi::bench {

namespace {

struct time_unit {
  std::string_view name;
  double seconds;
};

constexpr time_unit time_units[] = {{"us", 1e-6}, {"ms", 1e-3}, {"s", 1}, {"m", 60}, {"h", 3600}};

// "1.20ms", with white space before and anything behind it.
std::optional<double> seconds_in(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  const auto name = text.substr(0, text.find_first_not_of("abcdefghijklmnopqrstuvwxyz"));
  if (name.empty()) return std::nullopt;
  for (const time_unit& each : time_units)
    if (each.name == name) return number * each.seconds;
  return std::nullopt;
}

std::string_view line_at(std::string_view text, std::size_t at) { return text.substr(at, text.find('\n', at) - at); }

std::optional<double> microseconds_behind(std::string_view text, std::string_view share) {
  const auto at = text.find(share);
  if (at == std::string_view::npos) return std::nullopt;
  const auto seconds = seconds_in(line_at(text, at + share.size()));
  if (!seconds) return std::nullopt;
  return *seconds * 1e6;
}

}  // namespace

client_report parse_client_report(std::string_view text, std::string_view unit) {
  for (const std::string_view fault : {"Socket errors", "Non-2xx"})
    if (const auto at = text.find(fault); at != std::string_view::npos)
      throw std::runtime_error("the client reports: " + std::string(line_at(text, at)));
  const std::string counted = ' ' + std::string(unit) + "s in ";
  const auto at = text.find(counted);
  if (at == std::string_view::npos)
    throw std::runtime_error("the client does not say how many " + std::string(unit) + "s there were");
  auto number = text.substr(0, at);
  number.remove_prefix(number.find_last_of(" \n") + 1);       // 0 where there is none
  client_report made{};
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), made.count);
  const auto seconds = seconds_in(text.substr(at + counted.size()));
  if (error != std::errc() || end != number.data() + number.size() || !seconds || *seconds <= 0)
    throw std::runtime_error("the client says what nobody understands: " + std::string(line_at(text, at - number.size())));
  if (made.count == 0) throw std::runtime_error("no " + std::string(unit) + " was answered");
  made.seconds = *seconds;
  made.p50 = microseconds_behind(text, "  50%");
  made.p99 = microseconds_behind(text, "  99%");
  return made;
}

}  // namespace csgi::bench
