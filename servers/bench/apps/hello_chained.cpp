// A plug-in for csgi_bench: the smallest async app behind three middlewares.
#include <csgi/chain.hpp>
#include <csgi/middleware/body_limit.hpp>
#include <csgi/middleware/errors.hpp>
#include <csgi/middleware/timing.hpp>
#include <hello/hello_async.hpp>

struct small_bodies : csgi::body_limit {
  small_bodies() : csgi::body_limit(64 * 1024) {}
};

using hello_chained = csgi::chain<csgi::errors, csgi::timing, small_bodies, hello_async>;

CSGI_EXPORT_APP(hello_chained)
