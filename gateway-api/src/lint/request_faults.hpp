// request_faults.hpp - what can be wrong with a request head that a server shows.
#pragma once
#include <csgi/request.hpp>
#include <cstdint>
#include "fault.hpp"

namespace csgi { inline namespace v1 {

/// The faults of a head, one bit each, counted from fault::bad_method.
std::uint32_t faults_of(const request& head) noexcept;

/// Equal for heads that say the same.
std::uint64_t digest_of(const request& head) noexcept;

/// Equal for equal bytes; looks at some of those in the middle of long ones only.
std::uint64_t sample_of(std::string_view bytes) noexcept;

}}  // namespace csgi::v1
