#include "ways.hpp"

ways::ways(upstream::blocking_service& for_blocking, upstream::async_service& for_coroutines, std::chrono::milliseconds timeout)
    : row_blocking_(for_blocking, timeout), row_(for_coroutines, timeout), together_(for_coroutines, timeout) {
  table_.mount("/row-blocking", first_);
  table_.mount("/row", second_);
  table_.mount("/together", third_);
}
