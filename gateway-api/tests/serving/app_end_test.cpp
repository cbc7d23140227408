#include <csgi/error.hpp>
#include <csgi/serving/app_end.hpp>
#include <doctest/doctest.h>

using csgi::app_end;
using csgi::judge_end;
using csgi::phase;
using action = csgi::app_end::action;

namespace {

std::exception_ptr failure(std::errc code) {
  try {
    csgi::raise(std::make_error_code(code), "read");
  } catch (...) {
    return std::current_exception();
  }
}

const std::exception_ptr plain = std::make_exception_ptr(std::runtime_error("no database"));

}  // namespace

TEST_SUITE("app_end") {
TEST_CASE("CSGI-HTTP-091: an app that ends without a committed response is answered for with 500") {
  for (const auto now : {phase::open, phase::started}) {
    const auto silent = judge_end({.phase = now});
    CHECK(silent.then == action::answer);
    CHECK(silent.status == 500);
    CHECK(silent.fault == "ended without a response");
    const auto thrown = judge_end({.phase = now, .failure = plain});
    CHECK(thrown.status == 500);
    CHECK_FALSE(thrown.close);
    CHECK(thrown.fault == "threw no database");
    CHECK(judge_end({.phase = now, .failure = std::make_exception_ptr(42)}).fault == "threw something that is not a std::exception");
  }
}

TEST_CASE("other answers than 500 are for what the app could not help") {
  CHECK(judge_end({.failure = failure(std::errc::bad_message), .bad_body = 400}).status == 400);
  CHECK(judge_end({.failure = failure(std::errc::message_size), .bad_body = 413}).status == 413);
  CHECK(judge_end({.failure = failure(std::errc::timed_out), .body_stalled = true}).status == 408);
  CHECK(judge_end({.failure = failure(std::errc::timed_out)}).status == 500);
  CHECK(judge_end({.failure = failure(std::errc::operation_canceled), .cancelled = true}).status == 503);
  CHECK(judge_end({.failure = failure(std::errc::operation_canceled)}).status == 500);
  CHECK(judge_end({.failure = failure(std::errc::resource_unavailable_try_again)}).status == 503);
  const auto left = judge_end({.failure = failure(std::errc::connection_reset), .peer_closed = true});
  CHECK(left.then == action::abort);
  CHECK(left.why == std::errc::connection_reset);
}

TEST_CASE("a bad body does not hide another failure") {
  CHECK(judge_end({.failure = failure(std::errc::bad_message), .bad_body = 400}).fault.empty());
  CHECK(judge_end({.failure = plain, .bad_body = 400}).fault == "threw no database");
}

TEST_CASE("CSGI-HTTP-093: a response that was committed and not finished is aborted, with the app's code") {
  const auto silent = judge_end({.phase = phase::committed});
  CHECK(silent.then == action::abort);
  CHECK(silent.why == std::errc::io_error);
  CHECK(silent.close);
  CHECK(silent.fault == "ended without finishing its response");
  CHECK(judge_end({.phase = phase::committed, .failure = failure(std::errc::timed_out)}).why == std::errc::timed_out);
}

TEST_CASE("CSGI-HTTP-096: what is thrown behind a finished response changes nothing, and is told") {
  CHECK(judge_end({.phase = phase::finished}).fault.empty());
  const auto late = judge_end({.phase = phase::finished, .failure = plain});
  CHECK(late.then == action::leave);
  CHECK_FALSE(late.close);
  CHECK(late.fault == "threw no database after it had finished its response");
}

TEST_CASE("an aborted response keeps its reason") {
  const auto end = judge_end({.phase = phase::aborted, .aborted = std::make_error_code(std::errc::timed_out)});
  CHECK(end.then == action::abort);
  CHECK(end.why == std::errc::timed_out);
  CHECK(end.fault.empty());
}

TEST_CASE("CSGI-CORE-042: who ends because the client has gone, or the server wanted it, has done right") {
  const auto lost = std::make_error_code(std::errc::connection_reset);
  const auto gone = judge_end({.phase = phase::committed, .failure = failure(std::errc::connection_reset), .lost = lost});
  CHECK(gone.then == action::abort);
  CHECK(gone.fault.empty());
  CHECK(judge_end({.phase = phase::finished, .lost = lost, .sent = true}).then == action::leave);
  CHECK(judge_end({.phase = phase::committed, .failure = plain, .lost = lost}).fault == "threw no database");
  CHECK(judge_end({.phase = phase::committed, .failure = failure(std::errc::operation_canceled), .cancelled = true}).fault.empty());
}

TEST_CASE("CSGI-CORE-042: who starts a response for a client that has gone meanwhile has done right") {
  const auto lost = std::make_error_code(std::errc::connection_reset);
  const auto refused = failure(std::errc::operation_not_permitted);
  CHECK(judge_end({.phase = phase::aborted, .failure = refused, .lost = lost, .aborted = lost}).fault.empty());
  CHECK(judge_end({.phase = phase::aborted, .failure = refused}).fault == "threw read: Operation not permitted after its response was aborted");
  CHECK(judge_end({.phase = phase::committed, .failure = refused, .lost = lost}).fault == "threw read: Operation not permitted");
}

TEST_CASE("CSGI-CORE-042: who ends because of the body that its client sent, or did not, has done right, also in the middle of a response") {
  for (const auto now : {phase::committed, phase::finished, phase::aborted}) {
    CHECK(judge_end({.phase = now, .failure = failure(std::errc::bad_message), .bad_body = 400}).fault.empty());
    CHECK(judge_end({.phase = now, .failure = failure(std::errc::message_size), .bad_body = 413}).fault.empty());
    CHECK(judge_end({.phase = now, .failure = failure(std::errc::timed_out), .body_stalled = true}).fault.empty());
  }
  CHECK(judge_end({.phase = phase::committed, .failure = failure(std::errc::bad_message), .bad_body = 400}).then == action::abort);
}

TEST_CASE("a code that only looks like its client's doing is the app's own") {
  for (const auto code : {std::errc::bad_message, std::errc::message_size, std::errc::timed_out})
    CHECK(judge_end({.phase = phase::committed, .failure = failure(code)}).fault.ends_with(" in the middle of its response"));
  CHECK(judge_end({.phase = phase::committed, .failure = plain, .body_stalled = true, .bad_body = 400}).fault == "threw no database in the middle of its response");
}
}
