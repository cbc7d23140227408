// weather.hpp - the stand-in for a weather service: slow, and unreliable where told so.
#pragma once
#include <chrono>
#include <csgi/app.hpp>
#include <string>
#include <vector>

/// How it is to behave.
struct weather_options {
  std::chrono::milliseconds delay{1000};        ///< before each answer
  std::vector<std::string> failing{};           ///< cities that are answered 500
  std::vector<std::string> slow{};              ///< cities that are answered an hour later

  /// "--delay MILLISECONDS", "--failing CITY" and "--slow CITY", the latter two as often as there are cities.
  ///
  /// Errors:    std::invalid_argument for others.
  static weather_options parse(csgi::arguments given);
};

/// GET /weather?city=NAME: {"city": …, "celsius": …, "sky": …}. The weather of a city never changes. 404 for cities without one.
class weather final : public csgi::async_app {
 public:
  explicit weather(csgi::arguments given) : weather(weather_options::parse(given)) {}
  explicit weather(weather_options options) : options_(std::move(options)) {}

  csgi::task<> http(csgi::async_exchange ex) override;

 private:
  const weather_options options_;
};
