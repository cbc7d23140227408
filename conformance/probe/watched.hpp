// watched.hpp - an operation of the probe that is begun by hand, and asked later.
#pragma once
#include "probe.hpp"

namespace csgi::conformance {

/// An operation that remembers that it is over.
template <class Operation>
struct watched final : Operation {
  bool over = false;

  watched() noexcept {
    this->done = [](operation& op) noexcept { static_cast<watched&>(op).over = true; };
  }

  /// Takes what a begin_* call has answered.
  std::string begun_as(begun how) noexcept {
    over = how == begun::completed;
    return over ? name_of(this->error) : "pending";
  }
};

}  // namespace csgi::conformance
