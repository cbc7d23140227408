#include "service.hpp"
#include <csgi/with_timeout.hpp>

namespace upstream {

csgi::task<response> async_service::fetch(request what) {
  try {
    auto timed = csgi::with_timeout(what.timeout, perform(what));
    co_return co_await std::move(timed);
  } catch (const csgi::timed_out&) {
    throw failure(failure::kind::timed_out, "no whole answer within " + std::to_string(what.timeout.count()) + " ms");
  }
}

}  // namespace upstream
