// csgi/serving/serving_stage.hpp - how far a server is with its end.
#pragma once

namespace csgi { inline namespace v1 {

enum class serving_stage : unsigned char {
  serving,
  draining,     ///< stop() was called: nothing new begins, what runs goes on
  ending,       ///< the grace time is over: what runs is asked to end
};

}}  // namespace csgi::v1
