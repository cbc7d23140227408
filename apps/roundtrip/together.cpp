#include "together.hpp"
#include <csgi/concurrency.hpp>
#include <csgi/json.hpp>
#include "ask.hpp"
#include "cities.hpp"
#include "city_report.hpp"

csgi::task<> together::http(csgi::async_exchange ex) {
  std::vector<csgi::task<boost::json::object>> questions;
  for (auto& city : cities_of(ex.head())) questions.push_back(ask(weather_, std::move(city), timeout_));
  auto all = csgi::when_all(std::move(questions));
  auto answers = co_await std::move(all);
  boost::json::array reports(std::make_move_iterator(answers.begin()), std::make_move_iterator(answers.end()));
  co_await csgi::respond_json(ex, 200, summary_of("together", std::move(reports)));
}
