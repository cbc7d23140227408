// failures.hpp - what Boost's error codes say of an upstream.
#pragma once
#include <boost/system/error_code.hpp>
#include <http_client/failure.hpp>
#include <http_client/origin.hpp>

namespace upstream {

/// Throws the failure of a connection that could not be made.
[[noreturn]] void raise_unreachable(const origin& to, const boost::system::error_code& why);

/// Throws the failure of one that has ended before the answer did.
[[noreturn]] void raise_broken(const origin& to, const boost::system::error_code& why);

}  // namespace upstream
