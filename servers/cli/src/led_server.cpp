// led_server.cpp - see led_server.hpp.
#include "led_server.hpp"
#include <sys/socket.h>
#include "worker_process.hpp"

namespace csgi::cli {

led_server::led_server(server& led, int link) : led_(led), link_(link), listens_([this] { take_orders(); }) {}

led_server::~led_server() {
  ::shutdown(link_, SHUT_RD);
  listens_.join();
}

void led_server::stop() noexcept {
  if (!drains_.exchange(true)) led_.stop();
}

void led_server::take_orders() noexcept {
  order got;
  while (::recv(link_, &got, sizeof got, 0) == sizeof got) {
    stop();
    if (got == order::end) led_.stop();
  }
}

}  // namespace csgi::cli
