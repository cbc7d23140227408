#include "promotions.hpp"
#include "service_arguments.hpp"
#include <charconv>
#include <csgi/json.hpp>
#include <csgi/query.hpp>

namespace {

struct offer {
  const char *title, *text, *price;
};

constexpr offer offers[] = {
    {"Sunday roast", "Two hundred and fifty grams of Yirgacheffe, roasted this morning.", "9.80"},
    {"Monday mug", "Half a litre, for the first day of the week.", "14.00"},
    {"A grinder for Tuesdays", "Steel burrs, forty steps, and a crank for those who rise early.", "89.00"},
    {"Midweek milk", "A pitcher that pours hearts & leaves.", "22.50"},
    {"Thirsty Thursday", "Cold brew in bottles, six of them.", "18.00"},
    {"Friday filters", "A hundred, unbleached: enough until spring.", "4.90"},
    {"A slow Saturday", "Pour-over set of glass and walnut.", "36.00"},
};

int number(std::string_view digits) noexcept {
  int value = -1;
  const auto [stop, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return fault == std::errc{} && stop == digits.data() + digits.size() ? value : -1;
}

/// From "2026-11-21".
std::optional<std::chrono::sys_days> day_of(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const int year = number(text.substr(0, 4)), month = number(text.substr(5, 2)), day = number(text.substr(8));
  if (year < 0 || month < 0 || day < 0) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

boost::json::value items_on(std::chrono::sys_days day) {
  boost::json::array items;
  const auto first = std::chrono::weekday(day).c_encoding();
  for (unsigned i = 0; i < 3; ++i) {
    const auto& o = offers[(first + i) % std::size(offers)];
    items.push_back({{"title", o.title}, {"text", o.text}, {"price", o.price}});
  }
  return {{"items", std::move(items)}};
}

csgi::task<> answer(csgi::async_exchange ex, std::chrono::milliseconds delay) {
  const csgi::parameters query(ex.head());
  const auto day = day_of(query.find("date").value_or(""));
  if (!day) {
    co_await ex.respond(400, "text/plain", "Which day? ?date=2026-11-21\n");
    co_return;
  }
  co_await ex.sleep_for(delay);
  auto items = items_on(*day);
  co_await csgi::respond_json(ex, 200, std::move(items));
}

}  // namespace

promotions::promotions(csgi::arguments given) : promotions(delay_argument(given)) {}

csgi::task<> promotions::http(csgi::async_exchange ex) { return answer(ex, delay_); }
