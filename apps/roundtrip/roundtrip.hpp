// roundtrip.hpp - the weather of several cities from another HTTP service, asked for in three ways.
#pragma once
#include <http_client/async_client.hpp>
#include <http_client/blocking_client.hpp>
#include "ways.hpp"

/// What roundtrip is told on its command line.
struct roundtrip_options {
  std::string upstream = "http://127.0.0.1:8080";
  std::chrono::milliseconds timeout{3000};        ///< for each city

  /// "--upstream URL" and "--timeout MILLISECONDS", both optional.
  ///
  /// Errors:    std::invalid_argument for others.
  static roundtrip_options parse(csgi::arguments given);
};

/// The ways, with clients for each kind.
class roundtrip final : public csgi::composite_app, public csgi::described {
 public:
  /// Errors:    std::invalid_argument for other arguments; std::system_error, where the upstream's name has no address.
  explicit roundtrip(csgi::arguments given) : roundtrip(roundtrip_options::parse(given)) {}
  explicit roundtrip(const roundtrip_options& options) : roundtrip(upstream::origin(options.upstream), options.timeout) {}

  csgi::application choose(const csgi::request& head) noexcept override { return ways_.choose(head); }
  std::span<const csgi::application> parts() const noexcept override { return ways_.parts(); }
  void describe(csgi::description& to) const override { ways_.describe(to); }

 private:
  roundtrip(const upstream::origin& weather, std::chrono::milliseconds timeout)
      : blocking_(weather), async_(weather), ways_(blocking_, async_, timeout) {}

  upstream::blocking_client blocking_;
  upstream::async_client async_;
  ways ways_;
};
