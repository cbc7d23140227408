// echo.hpp - an app that sends back what it receives, or says what it sees.
#pragma once
#include <csgi/app.hpp>

/// A request with a body gets the same bytes back, each chunk as it arrives, with its content type. A GET without one
/// gets a JSON of the whole request head; below the mount point, /headers gets the fields alone, one in a line.
class echo final : public csgi::async_app {
 public:
  csgi::task<> http(csgi::async_exchange ex) override;
};
