// visitor.hpp - one visit of one client: whom it visits, what chance it has, what it has said and heard.
#pragma once
#include "dice.hpp"
#include "known_answers.hpp"
#include "limits.hpp"
#include "tally.hpp"
#include <list>

namespace csgi::soak {

/// The server that is visited. Everything outlives the visits.
struct host {
  const soaked_app& app;
  const known_answers& known;
  std::uint16_t port;
};

class visitor {
 public:
  visitor(const host& to, tally& counted, std::uint64_t number)
      : at(to), count(counted), chance(number), patience_(patience_with_it) {}

  const host& at;
  tally& count;
  dice chance;

  // Each of these throws `unmet` where the server does not do its part.

  conformance::wire& connect() { return connections_.emplace_back(at.port, patience_); }

  void send(conformance::wire& to, std::string_view bytes);
  /// In pieces of random sizes, or in one.
  void send_somehow(conformance::wire& to, std::string_view bytes);
  /// Gives whether the connection is there for another request.
  bool receive(conformance::wire& from, const known_answer& known) const;
  bool ask(conformance::wire& connection, const known_answer& known);
  /// An answer that is whole, and that the server or the app gave knowingly.
  conformance::reply receive_sound(conformance::wire& from, std::string_view method);
  /// One with such a status, then the connection's end.
  void demand_refusal(conformance::wire& from, const std::vector<int>& statuses, std::string_view method = "GET");

  /// What went over all connections, shortened.
  std::string transcript() const;

 private:
  conformance::patience patience_;
  std::list<conformance::wire> connections_;
};

[[noreturn]] inline void object(const std::string& why) { throw conformance::unmet(why); }

}  // namespace csgi::soak
