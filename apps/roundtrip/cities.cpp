#include "cities.hpp"
#include <algorithm>
#include <boost/json.hpp>
#include <csgi/http_error.hpp>
#include <csgi/query.hpp>

namespace {

// Boost.JSON writes any bytes, but takes none that are not UTF-8.
bool is_utf8(std::string_view text) {
  boost::json::error_code refused;
  boost::json::parse(boost::json::serialize(boost::json::string(text)), refused);
  return !refused;
}

bool is_name(std::string_view text) {
  constexpr std::size_t longest = 64;
  return !text.empty() && text.size() <= longest && is_utf8(text);
}

}  // namespace

std::vector<std::string> cities_of(const csgi::request& head) {
  constexpr std::size_t most = 10;
  if (head.method != "GET" && head.method != "HEAD") throw csgi::http_error(405, "GET or HEAD\n").with("allow", "GET, HEAD");
  const csgi::parameters query(head);
  const auto named = query.all("city");
  if (named.empty()) return {"Lima", "Lisbon", "Nairobi", "Oslo", "Tokyo"};
  if (named.size() > most || !std::all_of(named.begin(), named.end(), is_name))
    throw csgi::http_error(400, "up to ten cities: ?city=Oslo&city=Lima\n");
  return {named.begin(), named.end()};
}
