// csgi/serving/unwanted_input.hpp - how much of what nobody wants a server reads, for its client's sake.
#pragma once
#include <chrono>
#include <cstddef>

namespace csgi { inline namespace v1 {

/// Bytes, of a body that the app has left so that the connection can go on (CSGI-HTTP-048, CSGI-HTTP-049), and of what comes
/// when the server has closed its side, as closing with bytes unread resets the connection and the response may be lost.
constexpr std::size_t most_unwanted = 256 * 1024;

/// For the latter.
constexpr std::chrono::seconds linger_time{2};

}}  // namespace csgi::v1
