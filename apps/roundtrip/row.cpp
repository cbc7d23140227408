#include "row.hpp"
#include <csgi/json.hpp>
#include "ask.hpp"
#include "cities.hpp"
#include "city_report.hpp"

csgi::task<> row::http(csgi::async_exchange ex) {
  boost::json::array reports;
  for (const auto& city : cities_of(ex.head())) {
    auto report = co_await ask(weather_, city, timeout_);
    reports.push_back(std::move(report));
  }
  co_await csgi::respond_json(ex, 200, summary_of("in a row", std::move(reports)));
}
