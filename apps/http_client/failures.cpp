#include "failures.hpp"
#include <boost/asio/error.hpp>
#include <boost/beast/http/error.hpp>

namespace http = boost::beast::http;

namespace upstream {

namespace {

[[noreturn]] void raise(failure::kind kind, const origin& to, const char* what, const boost::system::error_code& why) {
  throw failure(kind, to.authority + what + why.message());
}

// A deadline of blocking code; those of coroutines do not come as error codes.
void raise_if_late(const origin& to, const boost::system::error_code& why) {
  if (why == boost::asio::error::timed_out) raise(failure::kind::timed_out, to, " is slow: ", why);
}

}  // namespace

void raise_unreachable(const origin& to, const boost::system::error_code& why) {
  raise_if_late(to, why);
  raise(failure::kind::unreachable, to, " cannot be reached: ", why);
}

void raise_broken(const origin& to, const boost::system::error_code& why) {
  raise_if_late(to, why);
  const bool too_large = why == http::error::body_limit || why == http::error::header_limit || why == http::error::buffer_overflow;
  if (too_large) raise(failure::kind::too_large, to, " answers more than is taken: ", why);
  raise(failure::kind::broken, to, " gives no whole answer: ", why);
}

}  // namespace upstream
