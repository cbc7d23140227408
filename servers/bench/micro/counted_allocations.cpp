#include "counted.hpp"
#include "heap_count.hpp"
#include "kept_connection.hpp"
#include "../src/requests.hpp"
#include <csgi/as_async.hpp>
#include <csgi/as_blocking.hpp>
#include <csgi/chain.hpp>
#include <csgi/evented/server.hpp>
#include <csgi/identity.hpp>
#include <csgi/middleware/errors.hpp>
#include <csgi/middleware/request_ids.hpp>
#include <csgi/middleware/timing.hpp>
#include <csgi/threaded/server.hpp>
#include <hello/hello_async.hpp>
#include <hello/hello_blocking.hpp>
#include <cstdio>
#include <string>

namespace csgi::bench {
namespace {

/// The least of three: a thread that serves for the first time takes what it keeps.
template <class Server>
void count_allocations(const std::string& name, application app) {
  running<Server> server(app);
  client asking(server.port());
  asking.ask(browser_request, warm_up);
  std::size_t least = 0;
  for (int round = 0; round < 3; ++round) {
    const auto before = heap_count();
    asking.ask(browser_request, 1000);
    const auto taken = heap_count() - before;
    if (round == 0 || taken < least) least = taken;
  }
  std::printf("%zu\tallocations in 1000 requests, %s\n", least, name.c_str());
}

template <class Server>
void count_allocations_of(const std::string& server) {
  hello_async async;
  hello_blocking blocking;
  chain async_behind{identity(), identity(), identity(), async};
  chain blocking_behind{identity(), identity(), identity(), blocking};
  count_allocations<Server>(server + ", async app", async);
  count_allocations<Server>(server + ", async app behind 3 middlewares", async_behind);
  count_allocations<Server>(server + ", blocking app", blocking);
  count_allocations<Server>(server + ", blocking app behind 3 middlewares", blocking_behind);
  chain really_behind{errors(), request_ids(), timing(), async};
  count_allocations<Server>(server + ", async app behind errors, request_ids and timing", really_behind);
  as_blocking async_bridged(async);
  as_async blocking_bridged(blocking);
  count_allocations<Server>(server + ", async app through as_blocking", async_bridged);
  count_allocations<Server>(server + ", blocking app through as_async", blocking_bridged);
}

}  // namespace

void count_allocations() {
  count_allocations_of<evented::server>("evented");
  count_allocations_of<threaded::server>("threaded");
}

}  // namespace csgi::bench
