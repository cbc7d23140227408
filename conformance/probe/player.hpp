// player.hpp - a behaviour of the probe that plays what its query says: /play?accept,receive,close:1000:bye.
#pragma once
#include "probe.hpp"
#include <csgi/async_websocket.hpp>

namespace csgi::conformance {

/// An operation that is begun by one command and ended by another.
template <class Operation>
struct kept final : Operation {
  bool over = true;

  kept() noexcept {
    this->done = [](operation& op) noexcept { static_cast<kept&>(op).over = true; };
  }

  /// Takes what a begin_* call has answered.
  std::string begun_as(begun how) {
    over = how == begun::completed;
    return over ? name_of(this->error) : "pending";
  }
};

/// One request, and what its commands have at the same time.
struct player {
  visit v;
  async_websocket socket;
  kept<receive_op> receive, second_receive;
  kept<send_op> send, second_send;
  kept<close_op> close, second_close;
  kept<operation> gone, drains;
  std::string sent;         // what `send` borrows

  explicit player(visit of) : v(std::move(of)), socket(v.ex) {}
};

/// What follows a command's name, part by part.
using arguments = std::vector<std::string>;

/// Does what it is told and says how it went; what a front throws says so, too.
using command = task<std::string> (*)(player&, const arguments&);

struct named_command {
  std::string_view name;
  command act;
};

/// The command of that name, or null. Each file of commands has its own table.
command find_socket_command(std::string_view name) noexcept;
command find_overlapping_command(std::string_view name) noexcept;
command find_exchange_command(std::string_view name) noexcept;

/// The argument of that place, or "".
inline const std::string& at(const arguments& all, std::size_t place) noexcept {
  static const std::string none;
  return place < all.size() ? all[place] : none;
}

/// name=value, from that place on. Lifetime: that of the arguments.
std::vector<field> fields_from(const arguments& all, std::size_t place);

/// Short bytes as they are, in characters that people read; of others, how many.
std::string told_of(std::string_view bytes);

/// "text abc", "binary part 5000 bytes", "over 1000 bye, clean".
std::string told_of(const message& got, const player& by);

}  // namespace csgi::conformance
