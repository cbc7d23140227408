// app_end.cpp - see csgi/serving/app_end.hpp.
#include <csgi/serving/app_end.hpp>

namespace csgi { inline namespace v1 {
namespace {

using action = app_end::action;

/// Nothing was sent yet, so the client can be told.
app_end answer_instead(const app_end_facts& facts, std::error_code why) {
  const auto with = [](int status, bool close) {
    return app_end{.then = action::answer, .status = status, .close = close, .fault = {}};
  };
  app_end end;
  if (facts.bad_body) {
    // The client's fault, whatever the app made of it; what that was is not lost.
    end = with(facts.bad_body, true);
    if (facts.failure && why != std::errc::bad_message && why != std::errc::message_size) end.fault = describe(facts.failure);
  } else if (facts.body_stalled && why == std::errc::timed_out) {
    end = with(408, true);
  } else if (facts.peer_closed && why == std::errc::connection_reset) {
    end = {.then = action::abort, .why = why, .close = true, .fault = {}};
  } else if (facts.cancelled && why == std::errc::operation_canceled) {
    end = with(503, true);
  } else if (why == std::errc::resource_unavailable_try_again) {
    end = with(503, false);
    end.fault = describe(facts.failure);
  } else {
    end = with(500, false);
    // An app that looked whether its client is still there may just end.
    if (facts.failure) end.fault = describe(facts.failure);
    else if (!facts.peer_closed) end.fault = "ended without a response";
  }
  return end;
}

/// The body's, which is the client's fault.
bool is_of_body(const app_end_facts& facts, std::error_code why) noexcept {
  return (facts.bad_body && (why == std::errc::bad_message || why == std::errc::message_size)) ||
         (facts.body_stalled && why == std::errc::timed_out);
}

/// The app could not know that there is nobody to start a response for: start() alone does not say why it refuses.
bool starts_too_late(const app_end_facts& facts, std::error_code why) noexcept {
  return facts.lost && facts.phase == phase::aborted && why == std::errc::operation_not_permitted;
}

}  // namespace

app_end judge_end(const app_end_facts& facts) {
  if (ended_well(facts.phase, facts.failure, facts.lost)) return {};
  const std::error_code why = code_of(facts.failure);
  const bool client_left = facts.lost || facts.peer_closed;
  const bool routine = (client_left && why == std::errc::connection_reset) ||
                       (facts.cancelled && why == std::errc::operation_canceled) || (facts.lost && why == facts.lost) ||
                       is_of_body(facts, why) || starts_too_late(facts, why);
  const bool faulty = facts.failure && !routine;
  app_end end;
  if (facts.lost) {
    if (faulty) end.fault = describe(facts.failure);
    if (!facts.sent) end = {.then = action::abort, .why = facts.lost, .close = true, .fault = std::move(end.fault)};
  } else if (facts.phase == phase::finished) {
    if (faulty) end.fault = describe(facts.failure) + " after it had finished its response";
  } else if (facts.phase == phase::aborted) {
    if (faulty) end.fault = describe(facts.failure) + " after its response was aborted";
    end.then = action::abort;
    end.why = facts.aborted ? facts.aborted : std::make_error_code(std::errc::operation_canceled);
    end.close = true;
  } else if (facts.phase == phase::committed) {
    if (!facts.failure) end.fault = "ended without finishing its response";
    else if (faulty) end.fault = describe(facts.failure) + " in the middle of its response";
    end.then = action::abort;
    end.why = why;
    end.close = true;
  } else {
    end = answer_instead(facts, why);
  }
  return end;
}

std::error_code code_of(const std::exception_ptr& failure) noexcept {
  try {
    if (failure) std::rethrow_exception(failure);
  } catch (const std::system_error& e) {
    return e.code();
  } catch (...) {
  }
  return std::make_error_code(std::errc::io_error);
}

std::string what_of(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "something that is not a std::exception";
  }
}

std::string describe(const std::exception_ptr& failure) { return "threw " + what_of(failure); }

}}  // namespace csgi::v1
