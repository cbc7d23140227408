// trials.cpp - see trials.hpp.
#include "trials.hpp"
#include <csgi/background.hpp>
#include <csgi/drain_notice.hpp>
#include <csgi/informational.hpp>
#include <csgi/lane.hpp>
#include <csgi/request_info.hpp>
#include <csgi/request_lane.hpp>
#include <csgi/response_buffer.hpp>
#include <csgi/trailers.hpp>
#include <csgi/upgrade.hpp>
#include <csgi/websocket.hpp>

namespace csgi::conformance {

using namespace std::chrono_literals;

namespace {

struct named {
  const char* name;
  std::vector<extension_id> ids;
};

/// What no server has to offer.
const std::vector<named>& optional_extensions() {
  static const std::vector<named> all = {{"csgi.log", {log_sink::id}},
                                         {"csgi.server_info", {server_info::id}},
                                         {"csgi.background", {background::id}},
                                         {"csgi.lane", {lane::id, helping_lane::id}},
                                         {"csgi.drain_notice", {drain_notice::id}},
                                         {"csgi.file_sender", {file_sender::id}},
                                         {"csgi.websocket", {websocket::id}},
                                         {"csgi.upgrade", {upgrade::id}},
                                         {"csgi.informational", {informational::id}},
                                         {"csgi.request_trailers", {request_trailers::id}},
                                         {"csgi.response_trailers", {response_trailers::id}},
                                         {"csgi.response_buffer", {response_buffer::id}},
                                         {"csgi.request_info", {request_info::id}}};
  return all;
}

}  // namespace

void trials::perform(trial which, std::size_t request) {
  switch (which) {
    case trial::plain: known(request); return lengths_of_head(request);
    case trial::manners: return manners(request);
    case trial::extensions: return extensions(request);
    case trial::interruptions: return interruptions(request);
    case trial::cut_bodies: return cut_bodies(request);
    case trial::disconnects: return faults(request, std::errc::connection_reset, "the client gone");
    case trial::cancellations: return faults(request, std::errc::operation_canceled, "the request to end");
    case trial::deadlines: return faults(request, std::errc::timed_out, "a deadline passed");
  }
}

const std::optional<played_answer>& trials::usual(std::size_t request) { return known(request).seen; }

plan trials::plain(std::size_t request, std::string words) const {
  return {.request = &requests_[request], .words = std::move(words)};
}

performance trials::perform(const plan& p) {
  if (on_plan) on_plan(p);
  return stage_.play(p);
}

played_answer trials::play(const plan& p) {
  auto done = perform(p);
  const played_answer seen = done.seen;
  stage_.keep(p, std::move(done));
  return seen;
}

const trials::acquaintance& trials::known(std::size_t request) {
  if (const auto found = known_.find(request); found != known_.end()) return found->second;
  const plan p = plain(request);
  acquaintance made;
  clock::duration stall = clock::duration::max();
  for (int time = 0; time < 2; ++time) {
    auto done = perform(p);
    made.operations = std::max(made.operations, done.exchange->operations());
    for (const auto& [name, ids] : optional_extensions())
      for (const auto& id : ids)
        if (done.exchange->asked_for(id) && !made.wants(id)) made.asked.push_back(id.hash);
    made.endless = made.endless || done.endless;
    made.idle = made.idle || done.idle;
    if (time == 0) made.seen = done.seen;
    else if (made.seen != done.seen || made.endless || made.idle) made.seen.reset();
    stall = std::min(stall, done.exchange->longest_stall());
    const bool async = done.async;
    const auto text = time == 1 ? transcript_of(p, done) : "";
    stage_.keep(p, std::move(done));
    if (time == 0 || !async) continue;
    if (stall < 100ms) verdicts_.pass(check::stalls, p.request->name);
    else
      verdicts_.fail(check::stalls, p.request->name,
                     "it slept for " + std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(stall).count()) +
                         " ms between two awaits, each time",
                     text);
  }
  return known_[request] = made;
}

/// HEAD and GET of the same target and fields.
void trials::lengths_of_head(std::size_t request) {
  const auto& r = requests_[request];
  if (r.method != "HEAD") return;
  for (std::size_t i = 0; i < requests_.size(); ++i) {
    const auto& get = requests_[i];
    if (get.method != "GET" || get.target != r.target || get.fields != r.fields || get.body != r.body || get.version != r.version)
      continue;
    const auto& of_head = usual(request);
    const auto& of_get = usual(i);
    if (!of_head || !of_get || !of_get->whole || of_head->status != of_get->status) return;
    const auto length = testing::find_field(of_head->fields, "content-length");
    if (!length) return;
    if (*length == std::to_string(of_get->size)) verdicts_.pass(check::lengths, r.name);
    else
      verdicts_.fail(
          check::lengths, r.name,
          "HEAD says Content-Length: " + std::string(*length) + ", GET has " + std::to_string(of_get->size) + " body bytes", "");
    return;
  }
}

void trials::manners(std::size_t request) {
  const auto& r = requests_[request];
  const auto& seen = usual(request);
  if (!seen) return verdicts_.not_applicable(check::same_answer, r.name, "what it answers differs from time to time");
  plan p = plain(request, "with operations that complete at once");
  p.behaviour.how = testing::completions::inside;
  compare(request, p);
  p = plain(request, "to a client that takes a little at a time");
  p.behaviour.window = static_cast<std::size_t>(std::max<std::uint64_t>(1, seen->size / 500));
  compare(request, p);
  p.words += ", from a server that has taken over what comes next";
  p.behaviour.high_water = 64 * 1024;
  if (seen->whole) compare(request, p);         // of one that breaks off, what was not sent yet is lost
  p = plain(request, "without files sent by the server");
  p.behaviour.sends_files = false;
  compare(request, p);
  if (r.body_size() == 0 && r.messages.empty()) return;
  p = plain(request, "byte by byte");
  p.behaviour.most_per_read = std::max<std::size_t>(1, r.body_size() / 1000);
  if (p.behaviour.most_per_read > 1) p.words = "in chunks of " + std::to_string(p.behaviour.most_per_read) + " bytes";
  compare(request, p);
  p.words += ", with operations that complete at once";
  p.behaviour.how = testing::completions::inside;
  compare(request, p);
}

void trials::compare(std::size_t request, const plan& p) {
  const auto& usually = known_[request].seen;
  if (!usually) return;
  if (play(p) == usually) return verdicts_.pass(check::same_answer, p.request->name);
  const plan again = plain(request);        // a clock may have gone on
  const played_answer now = play(again);
  const played_answer once_more = play(p);
  if (now.cut || once_more.cut) return known_[request].seen.reset();      // it has become too large to be compared
  if (now != usually) return void(known_[request].seen = now);
  if (once_more == usually) return;
  const bool heads_differ = now.fields != once_more.fields;
  verdicts_.fail(check::same_answer, p.request->name,
                 "as it is, it is answered " + to_string(now) + "; " + p.words + " " + to_string(once_more) +
                     (heads_differ ? ", with other fields" : now.size == once_more.size ? ", other ones" : ""), "");
}

/// One by one those that it has looked for; and without any.
void trials::extensions(std::size_t request) {
  const auto& usually = known(request);
  trailers(request);
  plan every = plain(request, "without any extension but csgi.finish_hooks");
  every.suspect = check::extensions;
  for (const auto& [name, ids] : optional_extensions()) {
    every.hidden.insert(every.hidden.end(), ids.begin(), ids.end());
    if (std::ranges::none_of(ids, [&](const extension_id& id) { return usually.wants(id); })) continue;
    plan p = plain(request, std::string("without ") + name);
    p.suspect = check::extensions;
    p.hidden = ids;
    play(p);
  }
  play(every);
  verdicts_.pass(check::extensions, every.request->name);
}

/// For who has looked for them: behind a body that has none, and wanted behind the response.
void trials::trailers(std::size_t request) {
  const auto& r = requests_[request];
  const auto& usually = known(request);
  if (usually.wants(request_trailers::id) && r.body == body_kind::unknown && r.trailers.empty()) {
    plan p = plain(request, "with trailers behind its body");
    p.trailers = {{"x-checksum", "0"}, {"x-empty", ""}, {"content-length", "7"}};
    play(p);
  }
  if (usually.wants(response_trailers::id) && !testing::find_field(r.fields, "te")) {
    plan p = plain(request, "to a client that wants trailers");
    p.fields = {{"te", "trailers"}};
    play(p);
  }
}

void trials::interruptions(std::size_t request) {
  using enum plan::interruption;
  struct way {
    plan::interruption how;
    const char* words;
  };
  for (const auto& [how, words] :
       {way{leaves_at_once, "to a client that has gone"}, way{stopped_at_once, "stopped by the server at once"},
        way{stopped_at_head, "stopped by the server when the response has begun"},
        way{leaves_at_head, "to a client that leaves when the response has begun"}}) {
    plan p = plain(request, words);
    p.how = how;
    play(p);
  }
  const auto size = known(request).seen ? known(request).seen->size : 1;
  for (const std::uint64_t bytes : {std::uint64_t{1}, size / 2}) {
    if (bytes == 0) continue;
    plan p = plain(request, "to a client that leaves after " + std::to_string(bytes) + " body bytes");
    p.behaviour.leaves_after = bytes;
    play(p);
  }
  plan p = plain(request, "to a client that takes nothing, and leaves");
  p.behaviour.window = 0;
  p.how = leaves_at_head;
  play(p);
  draining(request);
}

/// It may be long, and yet not what lasts until somebody goes.
bool trials::has_an_end(std::size_t request) {
  plan p = plain(request, "to its end");
  p.most_bytes = 256 * 1024 * 1024;
  auto done = perform(p);
  const bool ended = !done.endless && !done.idle;
  stage_.keep(p, std::move(done));
  return ended;
}

/// Who would be there for ever is to go when told that the server will not.
void trials::draining(std::size_t request) {
  plan p = plain(request, "on a server that drains when the response has begun");
  p.how = plan::interruption::drained_at_head;
  auto done = perform(p);
  const auto& usually = known(request);
  const bool goes_on = done.endless || done.idle;
  if ((usually.endless || usually.idle) && done.seen.status != 0 && !(goes_on && has_an_end(request))) {
    if (!goes_on) verdicts_.pass(check::heeds_draining, p.request->name);
    else verdicts_.fail(check::heeds_draining, p.request->name, "it goes on when the server drains", transcript_of(p, done));
  }
  stage_.keep(p, std::move(done));
}

void trials::cut_bodies(std::size_t request) {
  const auto size = requests_[request].body_size();
  if (size == 0) return;
  for (const std::size_t given : {std::size_t{0}, std::size_t{1}, size / 2, size - 1}) {
    if (given == size) continue;
    plan p =
        plain(request, "with a body that ends after " + std::to_string(given) + " of its " + std::to_string(size) + " bytes");
    p.body_given = given;
    play(p);
  }
}

void trials::faults(std::size_t request, std::errc how, const char* words) {
  const std::size_t due = known(request).operations;
  for (std::size_t k = 1;; ++k) {
    if (k > most_faults_) {
      if (due >= k)
        verdicts_.note("of the operations of a request only the first " + std::to_string(most_faults_) +
                       " were made to fail (--most-faults): " + requests_[request].name +
                       (known_[request].endless ? " has no end" : " has " + std::to_string(due)));
      return;
    }
    for (const auto completes : {testing::completions::later, testing::completions::inside}) {
      plan p = plain(request, std::string("with ") + words + " at operation " + std::to_string(k) +
                                  (completes == testing::completions::inside ? ", told at once" : ""));
      p.behaviour.fails_at = k;
      p.behaviour.fails_with = how;
      p.behaviour.how = completes;
      auto done = perform(p);
      const bool reached = done.exchange->operations() >= k;
      stage_.keep(p, std::move(done));
      if (!reached) return;
    }
  }
}

}  // namespace csgi::conformance
