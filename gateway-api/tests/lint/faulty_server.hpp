// faulty_server.hpp - for tests: servers that are right, but for a view that does one thing wrong.
#pragma once
#include "linted.hpp"

namespace csgi {

/// What the lint says when `Fault` is its server.
template <class Fault, class Behaviour>
std::string said(app_kind kind, Behaviour behaviour, const testing::request_options& with = {}) {
  linted one(with);
  one.serve_behind(behind<Fault>(), kind, behaviour);
  return one.text();
}

inline std::string line(const char* clause, const char* what, const char* call) {
  return std::string("lint: ") + clause + " (server): " + what + ", in " + call + "\n";
}

class fault_view : public forwarding_exchange {
 public:
  using forwarding_exchange::forwarding_exchange;

 protected:
  ~fault_view() = default;
};

struct other_request : fault_view {
  explicit other_request(exchange& x) : fault_view(x), head_(x.head()) {}
  const request& head() const noexcept override { return head_; }
  request head_;

 protected:
  ~other_request() = default;
};

inline task<> reading(async_exchange ex) {
  for (auto chunk = co_await ex.read(); !chunk.empty(); chunk = co_await ex.read()) {
  }
  co_await answer(ex);
}

}  // namespace csgi
