// soaked_app.cpp - see soaked_app.hpp.
#include "soaked_app.hpp"

namespace csgi::soak {

std::vector<soaked_app> bundled_apps() {
  return {
      {.name = "hello_async"},
      {.name = "hello_blocking"},
      {.name = "echo", .requests = {"echo.http"}, .echo = "/", .talks = talk::echo, .websocket = "/anywhere"},
      {.name = "files", .arguments = {"--root", "{data}"}, .requests = {"files.http"}, .large = "/large.bin"},
      {.name = "posts", .requests = {"posts.http"}, .short_targets = {"/posts", "/posts?limit=2&before=100"}},
      {.name = "stream",
       .short_targets = {"/?count=1", "/?count=200&interval=0", "/?count=3&interval=5"},
       .large = "/?count=100000&interval=0",
       .counter = "/?count=100000&interval=2"},
      {.name = "tour",
       .arguments = {"--root", "{data}"},
       .requests = {"tour.http"},
       .echo = "/echo",
       .large = "/files/large.bin",
       .counter = "/stream?count=100000&interval=2",
       .talks = talk::echo,
       .websocket = "/echo/there"},
      {.name = "weather", .arguments = without_delay(), .requests = {"weather.http"}, .short_targets = {"/weather?city=Oslo"}},
      {.name = "roundtrip",
       .arguments = {"--upstream", "http://127.0.0.1:{weather}"},
       .helpers = {"weather"},
       .requests = {"roundtrip.http"},
       .short_targets = {"/together", "/row?city=Oslo", "/row-blocking?city=Lima"}},
      {.name = "sequential"},
      {.name = "mailer", .arguments = {"--spool", "{spool}", "--takes", "1"}, .requests = {"mailer.http"}},
      {.name = "mailer_blocking", .arguments = {"--spool", "{spool}", "--takes", "1"}, .requests = {"mailer.http"}},
      {.name = "promotions",
       .arguments = without_delay(),
       .requests = {"promotions.http"},
       .short_targets = {"/?date=2026-11-21"}},
      {.name = "recommendations",
       .arguments = without_delay(),
       .requests = {"recommendations.http"},
       .short_targets = {"/?user=ada"}},
      {.name = "storefront",
       .arguments = {"--promotions", "http://127.0.0.1:{promotions}", "--recommendations", "http://127.0.0.1:{recommendations}"},
       .helpers = {"promotions", "recommendations"},
       .requests = {"storefront.http"}},
      {.name = "chat", .requests = {"chat.http"}, .short_targets = {"/lobby"}, .talks = talk::chat, .websocket = "/lobby"},
      {.name = "ticker",
       .arguments = {"--every", "50", "--heartbeat", "200"},
       .requests = {"ticker.http"},
       .short_targets = {"/ticker.css"},
       .events = "/events"},
  };
}

std::vector<std::string> without_delay() { return {"--delay", "1"}; }

soaked_app unknown_app(const std::string& path) { return {.name = path}; }

}  // namespace csgi::soak
