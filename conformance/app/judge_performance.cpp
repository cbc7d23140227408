// judge_performance.cpp - what one run of a request shows.
#include <algorithm>
#include <charconv>
#include <csgi/background.hpp>
#include <csgi/trailers.hpp>
#include <csgi/upgrade.hpp>
#include <csgi/websocket.hpp>
#include "stage.hpp"

namespace csgi::conformance {

namespace {

constexpr std::size_t most_failed_operations = 100;

/// Whether it is, whole, what a chunked body looks like.
bool is_chunked(std::string_view body) {
  for (bool any = false;; any = true) {
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(body.data(), body.data() + std::min<std::size_t>(body.size(), 8), size, 16);
    if (error != std::errc{}) return false;
    body.remove_prefix(static_cast<std::size_t>(end - body.data()));
    if (!body.starts_with("\r\n")) return false;
    body.remove_prefix(2);
    if (size == 0) return any && body == "\r\n";
    if (body.size() < size + 2 || body.substr(size, 2) != "\r\n") return false;
    body.remove_prefix(size + 2);
  }
}

class judgement {
 public:
  judgement(const plan& p, const performance& done, app_verdicts& verdicts) : plan_(p), done_(done), verdicts_(verdicts) {}

  void end() {
    const auto fault = done_.exchange->fault();
    const bool pending = fault.find("pending") != std::string::npos;
    say(check::survives, "");
    const bool missed = done_.exchange->missed(websocket::id);
    const bool speechless = missed && !pending && !fault.empty() && !did("start");
    say(check::answers, pending || speechless ? "" : fault);
    if (missed) say(check::without_socket, speechless ? fault + ", when there was no WebSocket to be had" : "");
    if (done_.async) say(check::pending, pending ? fault : "");
    if (const auto failed = done_.exchange->failed_operations(); failed > 0)
      say(check::ends_soon, failed <= most_failed_operations ? ""
                                                             : "it began " + std::to_string(failed) +
                                                                   " operations after its client had gone or it was to end");
    if (!done_.async) return;
    const auto held = done_.exchange->frames().held;
    say(check::memory_back,
        held == 0 || pending ? "" : "it has not given back " + std::to_string(held) + " pieces of the exchange's memory");
  }

  void misdeeds() {
    using enum check;
    std::vector<check> shown = {in_turn, exchange_left, head_left, hooks, threads};
    if (did("start")) shown.push_back(heads);
    if (testing::find_field(done_.seen.fields, "content-length")) shown.push_back(lengths);
    if (const int s = done_.seen.status; s == 204 || s == 205 || s == 304) shown.push_back(no_body);
    if (done_.async) shown.push_back(begun_again);
    if (done_.exchange->asked_for(background::id)) shown.push_back(check::background);
    if (did("inform")) shown.push_back(hints);
    if (done_.exchange->asked_for(response_trailers::id)) shown.push_back(trailers);
    if (done_.exchange->asked_for(upgrade::id)) shown.push_back(upgrades);
    if (did("upgrade websocket")) shown.push_back(words);
    if (did("read")) shown.push_back(chunk_left);
    for (const auto& each : done_.exchange->misdeeds()) {
      const auto what = check_of(each.what);
      std::erase(shown, what);
      say(what, each.words);
    }
    for (const check each : shown) say(each, "");
  }

  void body() {
    if (done_.body.empty() || !done_.seen.whole) return;
    say(check::codings, is_chunked(done_.body)
                            ? "its body is chunked already: " + done_.body.substr(0, done_.body.find('\r')) + " and so on"
                            : "");
  }

  void choice() {
    if (!done_.same_choice) say(check::chooses, "asked twice, it chose two apps");
  }

 private:
  bool did(std::string_view what) const {
    return std::ranges::any_of(done_.trace(), [&](const std::string& line) { return line.starts_with(what); });
  }

  /// "": nothing is wrong.
  void say(check what, const std::string& reason) {
    if (reason.empty()) verdicts_.pass(what, plan_.request->name);
    else verdicts_.fail(what, plan_.request->name, reason, transcript_of(plan_, done_));
  }

  const plan& plan_;
  const performance& done_;
  app_verdicts& verdicts_;
};

}  // namespace

check check_of(testing::misuse what) noexcept {
  using testing::misuse;
  switch (what) {
    case misuse::after_end: return check::exchange_left;
    case misuse::in_hook: return check::hooks;
    case misuse::in_background: return check::background;
    case misuse::other_thread: return check::threads;
    case misuse::begun_again: return check::begun_again;
    case misuse::out_of_turn: return check::in_turn;
    case misuse::bad_head: return check::heads;
    case misuse::wrong_length: return check::lengths;
    case misuse::unwanted_body: return check::no_body;
    case misuse::bad_hint: return check::hints;
    case misuse::bad_trailers: return check::trailers;
    case misuse::bad_upgrade: return check::upgrades;
    case misuse::bad_words: return check::words;
  }
  return check::survives;
}

void judge(const plan& p, const performance& done, app_verdicts& verdicts) {
  judgement j(p, done, verdicts);
  j.end();
  j.misdeeds();
  j.body();
  j.choice();
}

}  // namespace csgi::conformance
