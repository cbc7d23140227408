// send.hpp - answers of apps that bring a page with them, which lives on what is beside it.
#pragma once
#include <csgi/async_exchange.hpp>

namespace page {

/// The page, its style, its script.
///
/// Lifetime:  literals.
struct resource {
  std::string_view type;
  std::string_view text;
};

/// With a policy that has browsers load scripts and styles from this server only, and talk to no other.
csgi::task<> send(csgi::async_exchange ex, resource what);

/// In plain text; a 405 with what is allowed: GET and HEAD.
csgi::task<> refuse(csgi::async_exchange ex, int status, std::string_view why);

/// 308 to the same path with a slash, so that what the page refers to is beside it wherever the app is mounted.
csgi::task<> lead_to_slash(csgi::async_exchange ex);

}  // namespace page
