#include "http_date.hpp"
#include <algorithm>
#include <array>

namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 7> day_names = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> month_names = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// What the places of a date hold: 'd' day, 'b' month's name, 'y' year of two digits, 'Y' the century before it, 'h', 'm',
// 's'; '?' a letter of the day's name. Everything else stands for itself.
constexpr std::string_view imf_fixdate = "???, dd bbb YYyy hh:mm:ss GMT";
constexpr std::string_view rfc850_rest = ", dd-bbb-yy hh:mm:ss GMT";
constexpr std::string_view asctime_date = "??? bbb dd hh:mm:ss YYyy";

struct date_parts {
  int century = -1;
  int year = 0, day = 0, hour = 0, minute = 0, second = 0;
  std::string month;
};

bool is_letter(char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }

bool take(char place, char c, date_parts& into) {
  const auto digit = [c](int& number) {
    number = std::max(number, 0) * 10 + (c - '0');
    return c >= '0' && c <= '9';
  };
  switch (place) {
    case 'd': return (c == ' ' && into.day == 0) || digit(into.day);  // asctime pads with a space
    case 'b': into.month += c; return true;
    case 'Y': return digit(into.century);
    case 'y': return digit(into.year);
    case 'h': return digit(into.hour);
    case 'm': return digit(into.minute);
    case 's': return digit(into.second);
    case '?': return is_letter(c);
    default: return c == place;
  }
}

// A year of two digits that seems more than 50 years ahead is the last one in the past that ends so.
int full_year(const date_parts& parts) {
  if (parts.century >= 0) return parts.century * 100 + parts.year;
  const int now = static_cast<int>(year_month_day(floor<days>(system_clock::now())).year());
  const int year = now - now % 100 + parts.year;
  return year > now + 50 ? year - 100 : year;
}

std::optional<sys_seconds> instant(const date_parts& parts) {
  const auto month_name = std::ranges::find(month_names, parts.month);
  if (month_name == month_names.end() || parts.hour > 23 || parts.minute > 59 || parts.second > 60) return std::nullopt;
  const year_month_day date(year(full_year(parts)), month(static_cast<unsigned>(month_name - month_names.begin()) + 1),
                            day(static_cast<unsigned>(parts.day)));
  if (!date.ok()) return std::nullopt;
  return sys_days(date) + hours(parts.hour) + minutes(parts.minute) + seconds(parts.second);
}

std::optional<sys_seconds> parse_as(std::string_view form, std::string_view text) {
  if (form.size() != text.size()) return std::nullopt;
  date_parts parts;
  for (std::size_t i = 0; i < form.size(); ++i)
    if (!take(form[i], text[i], parts)) return std::nullopt;
  return instant(parts);
}

std::string padded(long number, std::size_t width) {
  auto digits = std::to_string(number);
  return std::string(width - std::min(width, digits.size()), '0') + digits;
}

}  // namespace

std::string to_http_date(sys_seconds when) {
  const auto date = floor<days>(when);
  const year_month_day calendar(date);
  const hh_mm_ss time(when - date);
  std::string text(day_names[weekday(date).c_encoding()]);
  text += ", " + padded(static_cast<unsigned>(calendar.day()), 2) + ' ';
  text += month_names[static_cast<unsigned>(calendar.month()) - 1];
  text += ' ' + padded(static_cast<int>(calendar.year()), 4) + ' ' + padded(time.hours().count(), 2);
  text += ':' + padded(time.minutes().count(), 2) + ':' + padded(time.seconds().count(), 2);
  return text += " GMT";
}

std::optional<sys_seconds> parse_http_date(std::string_view text) {
  if (const auto date = parse_as(imf_fixdate, text)) return date;
  if (const auto date = parse_as(asctime_date, text)) return date;
  const auto comma = std::min(text.find(','), text.size());
  if (comma < 6 || !std::ranges::all_of(text.substr(0, comma), is_letter)) return std::nullopt;
  return parse_as(rfc850_rest, text.substr(comma));
}
