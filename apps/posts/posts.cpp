#include "posts.hpp"
#include "database_argument.hpp"
#include "routes.hpp"
#include "schema.hpp"

posts::posts(csgi::arguments given) : posts(blog::opener_of(given)) {}

csgi::task<> posts::startup(csgi::server_context&) {
  shared_ = open_(nullptr);
  co_await blog::make_tables(*shared_);
}

csgi::task<> posts::loop_startup(csgi::loop_context& loop) {
  auto own = open_(&loop);
  if (!own) co_return;
  of_loops_.emplace(loop, std::move(own));
  of_loops_made_ = true;
}

csgi::task<> posts::http(csgi::async_exchange ex) { return blog::serve(ex, database_for(ex)); }

csgi::task<> posts::loop_shutdown(csgi::loop_context& loop) {
  if (!of_loops_made_) co_return;
  co_await of_loops_.at(loop)->close();
  of_loops_.erase(loop);
}

csgi::task<> posts::shutdown() {
  co_await shared_->close();
  shared_.reset();
  of_loops_made_ = false;     // another server may have none
}

// Loops are all started before the first request, and all alike; or there are none, as behind csgi::as_blocking.
sql::database& posts::database_for(csgi::async_exchange ex) const { return of_loops_made_ ? *of_loops_.at(ex) : *shared_; }
