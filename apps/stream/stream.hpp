// stream.hpp - an app that counts slowly, so that one can watch a response arrive.
#pragma once
#include <csgi/app.hpp>

/// GET /?count=N&interval=MS: the numbers from 1 to N, one a line and MS milliseconds apart.
///
/// Limits:    count 1 to 100'000 (10 where not given), interval 0 to 60'000 ms (1000); anything else is answered 400.
class stream final : public csgi::async_app {
 public:
  csgi::task<> http(csgi::async_exchange ex) override;
};
