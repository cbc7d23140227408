// landing.hpp - the tour's first page, and its 404.
#pragma once
#include <csgi/app.hpp>

class landing final : public csgi::async_app {
 public:
  enum class files_link : bool { absent, mounted };

  explicit landing(files_link files) noexcept : files_(files) {}

  csgi::task<> http(csgi::async_exchange ex) override;

 private:
  files_link files_;
};
