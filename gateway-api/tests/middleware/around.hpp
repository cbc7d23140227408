// around.hpp - for tests: a middleware around a handler, in both kinds, and with every operation failing in turn.
#pragma once
#include "recording_exchange.hpp"
#include <csgi/chain.hpp>
#include <doctest/doctest.h>

namespace csgi {

/// A coroutine as an app of either kind: it awaits nothing but its exchange.
using handler = task<> (*)(async_exchange);

struct async_handler final : async_app {
  explicit async_handler(handler h) : handle(h) {}
  task<> http(async_exchange ex) override { return handle(ex); }
  handler handle;
};

struct blocking_handler final : blocking_app {
  explicit blocking_handler(handler h) : handle(h) {}
  void http(blocking_exchange ex) override { drive(handle(async_exchange(ex.raw()))); }
  handler handle;
};

/// Serves one request; the exchange is set up before, and looked at after.
template <class Middleware>
void serve_around(recording_exchange& x, completion how, const Middleware& middleware, handler h) {
  async_handler async(h);
  blocking_handler blocking(h);
  const application app = how == completion::later ? application(async) : application(blocking);
  chain wrapped{middleware, app};
  x.serve(wrapped);
}

/// Calls `check(const recorded_response&)` for each kind.
template <class Middleware, class Check>
void in_both_kinds(const Middleware& middleware, handler h, const scripted_request& script, Check check) {
  for (const auto how : {completion::inside, completion::later}) {
    CAPTURE(how == completion::later);
    recording_exchange x(how, script);
    serve_around(x, how, middleware, h);
    CHECK(x.frames().held == 0);
    check(x.response());
  }
}

/// Fails every operation in turn, once as a lost connection and once as a stopping server does: nothing hangs, leaks, or
/// looks whole.
template <class Middleware>
void with_each_failing(const Middleware& middleware, handler h, const scripted_request& script) {
  for (const auto how : {completion::inside, completion::later})
    for (const auto why : {std::errc::connection_reset, std::errc::operation_canceled}) {
      bool failed = true;
      for (std::size_t k = 1; failed; ++k) {
        CAPTURE(k);
        recording_exchange x(how, script);
        x.fails_at = k;
        x.fails_with = why;
        bool routine = false;
        try {
          serve_around(x, how, middleware, h);
        } catch (const error& e) {
          routine = e.code() == why;
        }
        failed = x.failed();
        CHECK(routine == failed);
        CHECK(x.frames().held == 0);
        if (!failed) CHECK(x.phase() == phase::finished);
      }
    }
}

}  // namespace csgi
