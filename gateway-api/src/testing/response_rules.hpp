// response_rules.hpp - which response heads may be sent.
#pragma once
#include <csgi/response_head.hpp>
#include <cstdint>
#include <optional>

namespace csgi::testing {

struct checked_head {
  std::optional<std::uint64_t> declared;    ///< its Content-Length
};

/// None for a head that may not be sent.
std::optional<checked_head> check_head(const response_head& head) noexcept;

}  // namespace csgi::testing
