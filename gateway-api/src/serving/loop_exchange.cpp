// loop_exchange.cpp - a request from its head to the end of its body: see csgi/serving/loop_exchange.hpp.
#include <csgi/serving/app_end.hpp>
#include <csgi/serving/loop_exchange.hpp>
#include <csgi/serving/unwanted_input.hpp>

namespace csgi { inline namespace v1 {

namespace {

std::error_code code(std::errc e) noexcept { return std::make_error_code(e); }

}  // namespace

loop_exchange::loop_exchange(surroundings& in) noexcept
    : served_exchange(in), in_(in), lane_(in.executor, in.threads, in.options.deadlines.lane, in.options.deadlines.queue),
      reading_(in.executor, this, &on_cancel), writing_(in.executor, this, &on_cancel), gone_(in.executor, this, &on_cancel),
      notice_(in.executor, this, &on_cancel) {}

// --- a request ------------------------------------------------------------------------------------------------------

void loop_exchange::begin_response() noexcept {
  aborted_ = {};
  body_bytes_ = 0;
  answered_ = 0;
  stalled_ = cancelled_ = idle_ = false;
}

task<bool> loop_exchange::serve(const library_head& from) {
  const auto began = clock::now();
  begin_response();
  const auto why = request_.read(from, in_.options);
  keep_ = request_.keep_alive() && !draining();
  decoder_.reset(head().body == body_kind::unknown, head().content_length, in_.options.limits.request_body);
  framer_.reset({head().version, head().method == "HEAD", keep_}, in_.product);
  invited_ = !request_.expects_continue();
  if (why) {
    if (why.status != 404) keep_ = false;
    co_await answer(why.status, head().method == "HEAD");
  } else {
    co_await run_app();
  }
  if (aborted_ && framer_.until_close()) reset_at_end();
  conclude({answered_ ? answered_ : framer_.status(), body_bytes_, aborted_}, began);
  if (aborted_ || lost_) raise(aborted_ ? aborted_ : lost_, "serve");
  if (!keep_ || in_.now == serving_stage::ending) co_return false;
  co_return co_await read_past_body();
}

task<> loop_exchange::refuse(int status, bool for_head) {
  begin_response();
  request_.read({}, in_.options);
  keep_ = false;
  co_await answer(status, for_head);
  conclude({status, body_bytes_, aborted_}, clock::now());
}

task<> loop_exchange::run_app() {
  std::exception_ptr failure;
  try {
    const auto chosen = in_.app.resolve(head());
    if (chosen.kind() == app_kind::blocking) app_.emplace(bridge_.emplace(chosen.blocking()).http(async_exchange(*this)));
    else app_.emplace(chosen.async().http(async_exchange(*this)));
    app_->adopt(*this);
    auto app = await_operation<"http">(operation{}, [this](operation& over) noexcept { return app_->start(over); });
    co_await app;
    failure = app_->failure();
  } catch (...) {
    failure = std::current_exception();
  }
  app_.reset();
  bridge_.reset();
  lane_.end();
  if (reading_.pending() || writing_.pending() || gone_.pending()) log(log_level::error, "ended while an operation was pending");
  const bool was_writing = writing_.pending();
  for (auto* slot : {&reading_, &writing_, &gone_, &notice_}) slot->drop();
  if (was_writing) give_up(code(std::errc::operation_not_permitted));
  keep_ = keep_ && framer_.keep_alive();
  const bool cut_short = ended_ && !decoder_.over();
  const auto over = judge_end({
      .phase = phase(),
      .failure = std::move(failure),
      .lost = lost_,
      .aborted = aborted_,
      .sent = phase() == phase::finished && !aborted_,
      .peer_closed = !connected(),
      .cancelled = cancelled_,
      .body_stalled = stalled_,
      .bad_body = decoder_.why() ? decoder_.why().status : cut_short ? 400 : 0,
  });
  if (!over.fault.empty()) log(log_level::error, over.fault);
  if (over.close) keep_ = false;
  if (over.then == app_end::action::abort) give_up(over.why);
  if (over.then == app_end::action::answer) co_await answer(over.status, head().method == "HEAD");
}

task<> loop_exchange::answer(int status, bool for_head) {
  if (draining() || (!invited_ && !decoder_.over())) keep_ = false;
  answered_ = status;
  const request_facts facts{head().version, for_head, keep_};
  before_.clear();
  const auto size = append_server_response(before_, status, facts, in_.dates.now(), in_.product);
  out_ = {before_};
  try {
    auto sent = await_operation<"answer">(operation{}, [this](operation& op) noexcept {
      return begin(writing_, op, &loop_exchange::try_send, in_.options.deadlines.write);
    });
    co_await sent;
    body_bytes_ = size;
  } catch (const std::system_error& e) {
    give_up(e.code());
  }
}

/// Whether it is over: what the app has left of the body is no request.
task<bool> loop_exchange::read_past_body() {
  for (std::uint64_t passed = 0;;) {
    const auto part = decoder_.decode(unread());
    consume(part.consumed);
    passed += part.data.size();
    if (part.now == body_decoder::state::end) co_return true;
    if (part.now == body_decoder::state::rejected || passed > most_unwanted || ended_) co_return false;
    if (part.now == body_decoder::state::data) continue;
    auto bytes = more(in_.options.deadlines.body);
    co_await bytes;
  }
}

task<> loop_exchange::linger() {
  std::uint64_t passed = 0;
  for (const auto until = clock::now() + linger_time; !ended_ && passed < most_unwanted; passed += unread().size()) {
    consume(unread().size());
    auto bytes = more(until - clock::now());
    co_await bytes;
  }
}

// --- what the server tells it ---------------------------------------------------------------------------------------

void loop_exchange::tick(clock::time_point now) noexcept {
  if (gone_.pending() && !connected()) gone_.complete(code(std::errc::connection_reset));
  if (reading_.pending() && now >= reading_.deadline) {
    stalled_ = true;
    reading_.complete(code(std::errc::timed_out));
  }
  if (writing_.pending() && now >= writing_.deadline) lose(std::errc::timed_out);
}

void loop_exchange::drain() noexcept {
  if (idle_) return reading_.complete(code(std::errc::operation_canceled));
  framer_.close_after();
  notice_.complete({});
}

void loop_exchange::end() noexcept {
  const auto why = code(std::errc::operation_canceled);
  if (!app_) keep_ = false;
  else cancelled_ = true;
  reading_.complete(why);
  end_waits(why);
  if (writing_.pending()) give_up(why);
  if (app_) app_->stop();
}

}}  // namespace csgi::v1
