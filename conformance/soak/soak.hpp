// soak.hpp - lets all kinds of clients loose on a server with an app, and judges how it was for it.
#pragma once
#include "kinds.hpp"
#include "served_pair.hpp"
#include <optional>
#include <stop_token>

namespace csgi::soak {

/// One server with one app.
struct pair {
  soaked_app app;
  std::string server;

  std::string name() const { return app.name + " on " + server; }
};

struct plan {
  places where;
  std::chrono::milliseconds time_of_each{};           ///< pair, from its server's start to its end, or a little longer
  std::uint64_t seed = 0;
  std::vector<std::string> clients = {};              ///< names of kinds; empty: all
  std::optional<std::uint64_t> visit = {};            ///< nothing but this one, of each kind
};

/// More than at the start, and nothing is said: sanitizers keep memory for each thread.
inline constexpr std::size_t tolerated_growth = 64 << 20;         ///< of resident memory, bytes
inline constexpr std::size_t tolerated_descriptors = 20;          ///< as many as connections that an app keeps to others

struct outcome {
  std::string name;
  std::uint64_t requests = 0;
  std::uint64_t faults = 0;
  std::uint64_t refusals = 0;
  std::chrono::microseconds median{};
  std::chrono::microseconds late{};         ///< 99 of 100 were faster
  figures start;                            ///< after a first part of the visits
  figures end;
  std::vector<surprise> surprises;
};

/// Blocks:    for about the time of each: a visit that has begun is not broken off. A stop ends it sooner, and is no surprise.
outcome soak(const plan& how, const pair& tried, std::stop_token stop);

}  // namespace csgi::soak
