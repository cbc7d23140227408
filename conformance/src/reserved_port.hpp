// reserved_port.hpp - a port for a program that is told which one to take.
#pragma once
#include <cstdint>

namespace csgi::conformance {

/// A TCP port of 127.0.0.1 that nobody had when it was chosen. As long as this lives nobody else chooses it like this, in this
/// process or in another one; and the system does not give it to who asks for any, where it keeps some ports back from that.
///
/// Errors:    std::system_error where there is none.
class reserved_port {
 public:
  reserved_port();
  reserved_port(const reserved_port&) = delete;
  reserved_port& operator=(const reserved_port&) = delete;
  ~reserved_port();

  std::uint16_t number() const noexcept { return number_; }

 private:
  bool reserve();

  std::uint16_t number_ = 0;
  int name_ = -1;       // the socket whose name says that it is taken
};

}  // namespace csgi::conformance
