#include "ask.hpp"
#include "city_report.hpp"

csgi::task<boost::json::object> ask(upstream::async_service& weather, std::string city, std::chrono::milliseconds timeout) {
  try {
    const auto answer = co_await weather.fetch(question_about(city, timeout));
    co_return report_of(city, answer);
  } catch (const upstream::failure& why) {
    co_return report_of(city, why);
  }
}
