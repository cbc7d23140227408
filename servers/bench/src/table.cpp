#include "table.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace csgi::bench {

namespace {

constexpr std::size_t name_width = 30;
constexpr std::size_t spread_width = 26;
constexpr std::size_t ratio_width = 20;
constexpr std::size_t median_width = 12;
constexpr std::size_t median_ratio_width = 11;

// As wide as it looks: each continuation byte of UTF-8 is none.
std::size_t width_of(std::string_view text) {
  const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  return static_cast<std::size_t>(std::ranges::count_if(text, begins));
}

std::string padding(const std::string& text, std::size_t width) { return std::string(width - std::min(width, width_of(text)), ' '); }

// Columns stay apart even where a figure is too wide.
std::string to_right(const std::string& text, std::size_t width) { return ' ' + padding(text, width - 1) + text; }
std::string to_left(const std::string& text, std::size_t width) { return text + padding(text, width); }

// Four figures or so.
std::string number(double value) {
  std::array<char, 64> text{};
  const int decimals = std::abs(value) >= 1000 ? 0 : std::abs(value) >= 100 ? 1 : 2;
  std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  return text.data();
}

std::string median(const std::optional<spread>& all) { return all ? number(all->median) : "–"; }

std::string whole(const std::optional<spread>& all) {
  if (!all || all->least == all->most) return median(all);
  return number(all->median) + " (" + number(all->least) + " – " + number(all->most) + ')';
}

std::string heading(const metric& of) {
  const bool narrow = of.shown == detail::ratio || of.shown == detail::medians;
  std::string text = to_right(of.title, narrow ? median_width : spread_width);
  if (of.shown != detail::no_ratio) text += to_right("floor = 1", of.shown == detail::medians ? median_ratio_width : ratio_width);
  return text;
}

std::string told(const metric& of, const outcome& one) {
  switch (of.shown) {
    case detail::all: return to_right(whole(one.value), spread_width) + to_right(whole(one.ratio), ratio_width);
    case detail::ratio: return to_right(median(one.value), median_width) + to_right(whole(one.ratio), ratio_width);
    case detail::medians: return to_right(median(one.value), median_width) + to_right(median(one.ratio), median_ratio_width);
    case detail::no_ratio: break;
  }
  return to_right(whole(one.value), spread_width);
}

}  // namespace

std::string table_of(const result& of) {
  std::string text = '\n' + to_left(of.scenario, name_width);
  for (const metric& each : of.metrics) text += heading(each);
  for (const row& each : of.rows) {
    text += '\n' + to_left(each.server, name_width);
    for (std::size_t i = 0; i < of.metrics.size(); ++i) text += told(of.metrics[i], each.outcomes[i]);
  }
  text += '\n';
  if (of.foreign_share > 0.05)
    text += "not to be trusted: other programs took up to " + number(of.foreign_share * 100) + " % of the server core's busy time\n";
  return text;
}

std::string remarks_on(const comparison& of) {
  std::string text;
  for (const absentee& each : of.skipped) text += "\nskipped: " + each.name + ": " + each.reason;
  for (const absentee& each : of.failed) text += "\nfailed: " + each.name + ": " + each.reason;
  return text.empty() ? text : text + '\n';
}

}  // namespace csgi::bench
