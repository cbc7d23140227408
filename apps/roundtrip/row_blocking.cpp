#include "row_blocking.hpp"
#include <csgi/json.hpp>
#include "cities.hpp"
#include "city_report.hpp"

namespace {

boost::json::object ask(upstream::blocking_service& weather, const std::string& city, std::chrono::milliseconds timeout) {
  try {
    return report_of(city, weather.fetch(question_about(city, timeout)));
  } catch (const upstream::failure& why) {
    return report_of(city, why);
  }
}

}  // namespace

void row_blocking::http(csgi::blocking_exchange ex) {
  boost::json::array reports;
  for (const auto& city : cities_of(ex.head())) reports.push_back(ask(weather_, city, timeout_));
  csgi::respond_json(ex, 200, summary_of("in a row, blocking", std::move(reports)));
}
