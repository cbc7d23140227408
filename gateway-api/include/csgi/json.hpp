// csgi/json.hpp - opt-in, and outside of csgi::api's rule: JSON bodies by Boost.JSON, which its user links or compiles.
#pragma once
#include <boost/json.hpp>
#include <csgi/async_exchange.hpp>
#include <csgi/blocking_exchange.hpp>
#include <csgi/http_error.hpp>

namespace csgi { inline namespace v1 {

/// The value of JSON text, which has to be one whole value and nothing else.
///
/// Errors:    http_error(400).
inline boost::json::value parse_json(std::string_view text) {
  boost::json::error_code failure;
  auto value = boost::json::parse({text.data(), text.size()}, failure);
  if (failure) throw http_error(400, "The body is no JSON.\n");
  return value;
}

/// Reads the body as JSON, whatever its Content-Type says. Nesting is bounded by Boost.JSON, at 32.
///
/// Errors:    http_error(400), where it is no JSON; too_large beyond `limit` bytes.
inline task<boost::json::value> read_json(async_exchange ex, std::size_t limit) {
  const auto text = co_await ex.read_all(limit);
  co_return parse_json(text);
}

inline boost::json::value read_json(blocking_exchange ex, std::size_t limit) { return parse_json(ex.read_all(limit)); }

/// Starts and finishes a response with that value.
///
/// Compiler:  with g++ 12, give a braced value a name first.
inline task<> respond_json(async_exchange ex, int status, boost::json::value value) {
  const auto text = boost::json::serialize(value);
  co_await ex.respond(status, "application/json", text);
}

inline void respond_json(blocking_exchange ex, int status, const boost::json::value& value) {
  ex.respond(status, "application/json", boost::json::serialize(value));
}

}}  // namespace csgi::v1
