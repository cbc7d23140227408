#include "overview.hpp"
#include <csgi/http_error.hpp>

void overview::http(csgi::blocking_exchange ex) {
  const auto& head = ex.head();
  if (!head.tail().empty() && head.tail() != "/") throw csgi::http_error(404, "there are /row-blocking, /row and /together\n");
  if (head.method != "GET" && head.method != "HEAD") throw csgi::http_error(405, "GET or HEAD\n").with("allow", "GET, HEAD");
  ex.respond(200, "text/plain",
             "/row-blocking   one city after the other, by a function that blocks\n"
             "/row            one city after the other, by a coroutine\n"
             "/together       all at the same time, by coroutines\n"
             "?city=Oslo&city=Lima for others than the five\n");
}
