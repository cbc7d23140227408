// kinds.hpp - the kinds of clients.
#pragma once
#include "visitor.hpp"
#include <chrono>
#include <span>

namespace csgi::soak {

struct kind {
  std::string_view name;
  std::string_view does;
  void (*visit)(visitor&);
  /// Whether the app has something for it.
  bool (*fits)(const soaked_app&);
  std::chrono::milliseconds pause;      ///< between two visits
};

std::span<const kind> all_kinds();

// Each is one visit. It throws `unmet`, where the server does not do what it has to.

void visit_politely(visitor& v);
void feel_the_pulse(visitor& v);
void pipeline(visitor& v);
void close_half(visitor& v);

void post(visitor& v);
void send_too_much(visitor& v);

void send_slowly(visitor& v);
void read_slowly(visitor& v);

void reset(visitor& v);
void send_garbage(visitor& v);
void smuggle(visitor& v);

void open_websocket(visitor& v);
void talk_on_websocket(visitor& v);
void break_websocket(visitor& v);

void listen_to_stream(visitor& v);
void crowd_in(visitor& v);

/// Leaves everything that it begins unfinished, for a server that is about to stop.
void begin_and_stay(visitor& v);

}  // namespace csgi::soak
