// stage.cpp - see stage.hpp.
#include "stage.hpp"
#include <csgi/serving/websocket_close.hpp>
#include <csgi/serving/websocket_frame.hpp>
#include <unistd.h>

namespace csgi::conformance {

namespace {

constexpr std::size_t most_operations = 20'000;
constexpr std::size_t most_turns = 400'000;
constexpr std::size_t most_kept = 64;
constexpr std::size_t most_body = 64 * 1024;              // that is looked at

testing::request_options options_of(const plan& p) {
  const app_request& r = *p.request;
  testing::request_options with{.fields = r.fields, .body = {}};
  with.fields.insert(with.fields.end(), p.fields.begin(), p.fields.end());
  if (r.body == body_kind::known)
    with.body = p.body_given ? testing::request_body::by_hand(r.body_size())
                             : testing::request_body(r.chunks.empty() ? "" : r.chunks.front());
  if (r.body != body_kind::unknown) return with;
  auto left = p.body_given.value_or(std::string::npos);
  std::vector<std::string> chunks;
  for (const auto& chunk : r.chunks) {
    if (left > 0) chunks.push_back(chunk.substr(0, left));
    left -= std::min(left, chunk.size());
  }
  with.body = testing::request_body::chunks(std::move(chunks));
  if (p.body_given) with.body = std::move(with.body).cut_short();
  with.trailers = r.trailers;
  with.trailers.insert(with.trailers.end(), p.trailers.begin(), p.trailers.end());
  return with;
}

std::string describe(const std::exception_ptr& thrown) {
  if (!thrown) return "";
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "something that is not a std::exception";
  }
}

void give_frame(testing::memory_exchange& x, websocket_opcode opcode, std::string_view payload) {
  constexpr websocket_key key = {'\x37', '\x01', '\x7e', '\x20'};
  std::string frame;
  append_websocket_frame(frame, {.opcode = opcode, .ends = true, .compressed = false}, payload, key);
  x.give(std::move(frame));
}

bool same(application a, application b) noexcept {
  if (a.kind() != b.kind()) return false;
  return a.kind() == app_kind::blocking ? &a.blocking() == &b.blocking() : &a.async() == &b.async();
}

}  // namespace

performance stage::prepare(const plan& p) {
  const app_request& r = *p.request;
  memory_.is_for(guarded_memory::purpose::request);
  performance made;
  made.exchange = std::make_unique<testing::memory_exchange>(loop_, r.method, r.target, options_of(p),
                                                             testing::request_origin{.version = r.version}, p.behaviour, around_);
  memory_.is_for(guarded_memory::purpose::chunk);
  auto& x = *made.exchange;
  for (const auto& id : p.hidden) x.offer(id, nullptr);
  if (r.body == body_kind::known && p.body_given) {
    if (*p.body_given > 0) x.give(r.chunks.front().substr(0, *p.body_given));
    x.close_sending();
  }
  const auto chosen = app_.resolve(x.head());
  made.async = chosen.kind() == app_kind::async;
  made.same_choice = same(chosen, app_.resolve(x.head()));
  return made;
}

void stage::collect(const plan& p, performance& of) {
  auto& x = *of.exchange;
  const bool speaks = x.has_head() && x.result().status == 101;
  const auto sent = x.take();
  const auto bytes = speaks && p.request->opens_websocket ? of.messages.take(sent) : sent;
  for (const char c : bytes) of.seen.digest = (of.seen.digest ^ static_cast<unsigned char>(c)) * 1'099'511'628'211U;
  of.seen.size += bytes.size();
  if (of.body.size() < most_body) of.body += bytes.substr(0, most_body - of.body.size());
  if (x.ended()) return;
  if (speaks) speak(*p.request, of, sent.empty());
  if (x.has_head() && p.how == plan::interruption::stopped_at_head) x.stop();
  if (x.has_head() && p.how == plan::interruption::leaves_at_head) x.disconnect();
  if (x.has_head() && p.how == plan::interruption::drained_at_head) x.drain();
  if (of.endless || (of.seen.size < p.most_bytes && x.operations() < most_operations)) return;
  of.endless = true;
  x.disconnect();
}

/// What the client says after a 101: all at once; and the close, when the app has nothing left to say.
void stage::speak(const app_request& r, performance& of, bool silent) {
  auto& x = *of.exchange;
  if (!std::exchange(of.has_spoken, true)) {
    for (const auto& text : r.messages) {
      if (r.opens_websocket) give_frame(x, websocket_opcode::text, text);
      else x.give(text);
    }
  } else if (silent && !of.has_closed && x.wants_body() && loop_.idle()) {
    of.has_closed = true;
    if (r.opens_websocket) give_frame(x, websocket_opcode::close, websocket_close_payload(websocket_close_code::normal).bytes());
    else x.close_sending();
  }
}

/// Until all have ended. Who waits in vain loses its client, then is stopped.
void stage::turn(const std::vector<plan>& plans, std::vector<performance>& all) {
  enum class urged : unsigned char { not_at_all, by_leaving, by_a_stop } how{};
  for (std::size_t turns = 0;; ++turns) {
    bool over = true;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const bool ended = all[i].exchange->ended();   // before, so that nothing comes behind what is collected
      collect(plans[i], all[i]);
      over = over && ended;
    }
    if (over) return;
    if (turns < most_turns && loop_.turn()) continue;
    for (std::size_t i = 0; i < all.size(); ++i) {
      auto& x = *all[i].exchange;
      if (x.ended()) continue;
      all[i].idle = true;
      if (how == urged::not_at_all) x.disconnect();
      else if (how == urged::by_leaving) x.stop();
      else
        throw hopeless{plans[i],
                       "it does not end: its client has left, the server has stopped it, and nothing is left that it could wait "
                       "for; it waits for " +
                           x.waits_for(),
                       transcript_of(plans[i], all[i])};
    }
    how = how == urged::not_at_all ? urged::by_leaving : urged::by_a_stop;
    turns = most_turns / 2;
  }
}

std::vector<performance> stage::play(const std::vector<plan>& plans) {
  std::vector<performance> all;
  for (const auto& p : plans) all.push_back(prepare(p));
  const watchdog::leash leash(dog_, [&](std::chrono::milliseconds waited) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      auto& x = *all[i].exchange;
      if (x.ended()) continue;
      const bool told = x.failed_operations() > 0;
      const auto seconds = std::to_string(waited.count() / 1000) + " s";
      verdicts_.fail(told                                  ? check::ends_soon
                     : plans[i].suspect == check::survives ? check::answers
                                                           : plans[i].suspect,
                     plans[i].request->name,
                     "it has not ended within " + seconds + ", " + plans[i].words + ": it waits for " + x.waits_for() +
                         (told ? ", and began " + std::to_string(x.failed_operations()) +
                                     " operations after its client had gone or it was to end"
                               : ""),
                     "");
    }
    ::_exit(1);
  });
  for (std::size_t i = 0; i < all.size(); ++i) {
    auto& x = *all[i].exchange;
    if (plans[i].how == plan::interruption::leaves_at_once) x.disconnect();
    x.begin(app_);
    if (plans[i].how == plan::interruption::stopped_at_once) x.stop();
  }
  turn(plans, all);
  for (auto& each : all) {
    auto got = each.exchange->result();
    each.seen.status = got.status;
    each.seen.fields = std::move(got.fields);
    each.seen.whole = got.status != 0 && !got.how.aborted;
    each.seen.cut = each.endless;
    each.threw = describe(each.exchange->failure());
  }
  return all;
}

performance stage::play(const plan& p) {
  auto done = std::move(play(std::vector{p}).front());
  judge(p, done, verdicts_);
  return done;
}

void stage::keep(const plan& p, performance&& done) {
  const auto misdeeds = done.exchange->misdeeds().size();
  kept_.push_back({p.request->name, std::move(done.exchange), misdeeds});
  settle(most_kept);
}

void stage::settle(std::size_t leave) {
  while (kept_.size() > leave) {
    const auto& oldest = kept_.front();
    const auto misdeeds = oldest.exchange->misdeeds();
    for (std::size_t i = oldest.judged; i < misdeeds.size(); ++i)
      verdicts_.fail(check_of(misdeeds[i].what), oldest.form, misdeeds[i].words, "");
    kept_.pop_front();
  }
}

}  // namespace csgi::conformance
