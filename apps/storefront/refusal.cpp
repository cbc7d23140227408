#include "refusal.hpp"
#include "page_template.hpp"
#include <algorithm>

namespace {

/// Relative, as all links are: "./" from "/x", "./../" from "/x/y".
std::string way_home(const csgi::request& head) {
  std::string way = "./";
  for (auto below = std::ranges::count(head.tail(), '/'); below > 1; --below) way += "../";
  return way;
}

}  // namespace

csgi::http_error refusal(const csgi::request& head, int status, std::string_view why) {
  const std::string home = "<a href=\"" + way_home(head) + "\">";
  std::string page(page_opening);
  page.append("<header>\n  <h1>").append(home).append("Kettle &amp; Kernel</a></h1>\n</header>\n<main>\n  <p>").append(why);
  page.append("\n  <p>").append(home).append("To the shop</a>\n</main>\n");
  return csgi::http_error(status, page)
      .with("content-type", "text/html; charset=utf-8")
      .with("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'");
}
