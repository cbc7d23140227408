#include "weather.hpp"
#include <algorithm>
#include <csgi/query.hpp>
#include <roundtrip/named_arguments.hpp>

using namespace std::chrono_literals;

namespace {

struct sky_over {
  std::string_view city, json;
};

constexpr sky_over skies[] = {
    {"Lima", R"({"city": "Lima", "celsius": 19, "sky": "fog"})"},
    {"Lisbon", R"({"city": "Lisbon", "celsius": 24, "sky": "clear"})"},
    {"Nairobi", R"({"city": "Nairobi", "celsius": 26, "sky": "clouds"})"},
    {"Oslo", R"({"city": "Oslo", "celsius": -4, "sky": "snow"})"},
    {"Tokyo", R"({"city": "Tokyo", "celsius": 12, "sky": "rain"})"},
};

bool has(const std::vector<std::string>& cities, std::string_view city) { return std::ranges::find(cities, city) != cities.end(); }

}  // namespace

weather_options weather_options::parse(csgi::arguments given) {
  weather_options options;
  for (const auto& [name, value] : named_arguments(given)) {
    if (name == "--delay") options.delay = milliseconds_of(name, value);
    else if (name == "--failing") options.failing.emplace_back(value);
    else if (name == "--slow") options.slow.emplace_back(value);
    else throw std::invalid_argument("takes --delay MILLISECONDS, --failing CITY and --slow CITY, not " + std::string(name));
  }
  return options;
}

csgi::task<> weather::http(csgi::async_exchange ex) {
  const csgi::parameters query(ex.head());
  const auto city = query.find("city").value_or("");
  const auto known = std::ranges::find(skies, city, &sky_over::city);
  const bool is_here = ex.head().tail() == "/weather" && known != std::end(skies);
  const std::chrono::milliseconds delay = has(options_.slow, city) ? 1h : options_.delay;
  co_await ex.sleep_for(delay);
  if (has(options_.failing, city)) co_await ex.respond(500, "text/plain", "no idea\n");
  else if (!is_here) co_await ex.respond(404, "text/plain", "no weather there: /weather?city=Oslo\n");
  else co_await ex.respond(200, "application/json", known->json);
}
