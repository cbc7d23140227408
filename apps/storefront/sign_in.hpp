// sign_in.hpp - says who one is, for recommendations: a cookie, and no password.
#pragma once
#include <csgi/async_app.hpp>

/// POST /sign-in with user=NAME sets the cookie "user", or removes it where the name is empty; then back to the home page.
class sign_in final : public csgi::async_app {
 public:
  csgi::task<> http(csgi::async_exchange ex) override;
};
