// another_loop.cpp - see csgi/testing/another_loop.hpp.
#include <csgi/testing/another_loop.hpp>
#include "loop_here.hpp"

namespace csgi::testing {

another_loop::another_loop(client& of, time_flow time, std::optional<clock::duration> patience)
    : loop_(time, patience), life_(std::make_unique<client::loop_here>(of, loop_)) {
  life_->start();
}

another_loop::~another_loop() = default;

void another_loop::close() { life_->finish(); }

}  // namespace csgi::testing
