// suite.cpp - see csgi/conformance/suite.hpp.
#include "wire.hpp"
#include <algorithm>
#include <atomic>
#include <csgi/conformance/suite.hpp>
#include <mutex>
#include <set>
#include <thread>

namespace csgi::conformance {

using namespace std::chrono_literals;

namespace {

constexpr auto ask_again = 10ms;

void replace_all(std::string& bytes, std::string_view placeholder, std::string_view by) {
  for (auto at = bytes.find(placeholder); at != std::string::npos; at = bytes.find(placeholder, at + by.size()))
    bytes.replace(at, placeholder.size(), by);
}

/// One run of a case: a connection, and what the probe notes under the case's key.
class conversation {
 public:
  conversation(running_subject& server, const form& with, std::string key, std::chrono::milliseconds patience)
      : server_(server), form_(with), key_(std::move(key)), patience_(patience), wire_(server.port(), patience) {}

  /// Cuts the first send in two before this byte.
  void split_at(std::size_t byte) noexcept { split_ = byte; }

  void perform(const step& s) {
    const std::string bytes = filled_in(s.bytes);
    switch (s.what) {
      case step::kind::send: return send(bytes);
      case step::kind::drip: return wire_.drip(bytes);
      case step::kind::receive: return judge(wire_.receive(bytes), filled_in(s.wanted));
      case step::kind::receive_text: return wire_.receive_text(bytes);
      case step::kind::through: return wire_.through(bytes);
      case step::kind::silence: return wire_.silence();
      case step::kind::end: return wire_.end();
      case step::kind::ended: return wire_.ended();
      case step::kind::flood: return wire_.flood(bytes, s.most);
      case step::kind::half_close: return wire_.half_close();
      case step::kind::reset: return wire_.reset();
      case step::kind::reconnect: return wire_.reconnect();
      case step::kind::noted: return demand_note(bytes, has);
      case step::kind::noted_in_order: return demand_note(bytes, has_in_order);
      case step::kind::never_noted: return refuse_note(bytes);
      case step::kind::stop: return server_.stop();
      case step::kind::stopped: return demand_end();
    }
  }

  const std::string& transcript() const noexcept { return wire_.transcript(); }

 private:
  void send(std::string_view bytes) {
    if (split_ > 0 && split_ < bytes.size()) {
      wire_.send(bytes.substr(0, split_));
      bytes.remove_prefix(split_);
      split_ = 0;
      std::this_thread::yield();
    }
    wire_.send(bytes);
  }

  std::string filled_in(std::string bytes) const {
    replace_all(bytes, "{root}", form_.root);
    replace_all(bytes, "{key}", key_);
    return bytes;
  }

  expectation filled_in(expectation wanted) const {
    for (auto& part : wanted.body_contains) part = filled_in(std::move(part));
    return wanted;
  }

  static void judge(const reply& got, const expectation& wanted) {
    if (!wanted.statuses.empty() && std::find(wanted.statuses.begin(), wanted.statuses.end(), got.status) == wanted.statuses.end())
      throw unmet("the status is " + std::to_string(got.status) + ", not " + std::to_string(wanted.statuses.front()));
    for (const auto& [name, value] : wanted.fields) {
      if (!got.has(name)) throw unmet("the response has no " + name);
      if (!value.empty() && got.value(name) != value) throw unmet(name + " is \"" + got.value(name) + "\", not \"" + value + '"');
    }
    for (const auto& name : wanted.absent)
      if (got.has(name)) throw unmet("the response has a " + name + ": " + got.value(name));
    if (wanted.how == expectation::ending::whole && !got.whole) throw unmet("the response is not whole");
    if (wanted.how == expectation::ending::cut && got.whole) throw unmet("the response looks whole, but cannot be");
    if (wanted.body && got.body != *wanted.body)
      throw unmet("the body is " + shortened(got.body) + ", not " + shortened(*wanted.body));
    for (const auto& part : wanted.body_lacks)
      if (got.body.find(part) != std::string::npos) throw unmet("the body has " + shortened(part));
    for (const auto& part : wanted.body_contains)
      if (got.body.find(part) == std::string::npos) throw unmet("the body has no " + shortened(part));
  }

  static std::string shortened(const std::string& body) {
    return '"' + body.substr(0, 80) + (body.size() > 80 ? "…\" (" + std::to_string(body.size()) + " bytes)" : "\"");
  }

  std::string notes() const {
    wire asking(server_.port(), patience_);
    asking.send("GET " + form_.root + "/notes HTTP/1.1\r\nHost: probe\r\nX-Case: " + key_ + "\r\nConnection: close\r\n\r\n");
    return '\n' + asking.receive("GET").body;
  }

  static bool has(const std::string& lines, std::string what) {
    what.insert(0, 1, '\n');
    if (what.ends_with('*')) what.pop_back();
    else what += '\n';
    return lines.find(what) != std::string::npos;
  }

  static bool has_in_order(const std::string& lines, const std::string& what) { return lines.find('\n' + what) != std::string::npos; }

  template <class Found>
  void demand_note(const std::string& what, Found found) const {
    const auto until = std::chrono::steady_clock::now() + patience_;
    for (std::string seen = notes(); !found(seen, what); seen = notes()) {
      if (std::chrono::steady_clock::now() > until)
        throw unmet("the probe did not note \"" + what + "\", but: " + (seen.size() > 1 ? seen.substr(1) : "nothing"));
      std::this_thread::sleep_for(ask_again);
    }
  }

  void refuse_note(const std::string& what) const {
    if (has(notes(), what)) throw unmet("the probe noted \"" + what + '"');
  }

  void demand_end() {
    const auto code = server_.exit_code();
    if (!code) throw unmet("the server does not end");
    if (*code != 0) throw unmet("the server ended with exit code " + std::to_string(*code));
  }

  running_subject& server_;
  const form& form_;
  std::string key_;
  std::chrono::milliseconds patience_;
  wire wire_;
  std::size_t split_ = 0;
};

bool makes_sense(const test_case& c, const form& f) noexcept {
  return c.for_kinds == kinds::both || (c.for_kinds == kinds::blocking_only) == f.blocking;
}

/// How often a case is run: once, or once for each byte at which its first send can be cut.
std::size_t runs_of(const test_case& c) {
  if (!c.at_every_split) return 1;
  for (const step& s : c.steps)
    if (s.what == step::kind::send) return s.bytes.size();
  return 1;
}

/// What the probe says of the server it runs on.
std::set<std::string> capabilities_of(running_subject& server, const form& f, std::chrono::milliseconds patience) {
  wire asking(server.port(), patience);
  asking.send("GET " + f.root + "/capabilities HTTP/1.1\r\nHost: probe\r\nConnection: close\r\n\r\n");
  const reply told = asking.receive("GET");
  if (told.status != 200 || !told.body.starts_with("csgi probe\n")) throw unmet("no probe");
  std::set<std::string> offered;
  for (std::size_t from = 0, to; (to = told.body.find('\n', from)) != std::string::npos; from = to + 1)
    offered.insert(told.body.substr(from, to - from));
  return offered;
}

std::set<std::string> greet(running_subject& server, const form& f, std::chrono::milliseconds patience) {
  try {
    return capabilities_of(server, f, patience);
  } catch (const unmet&) {
    throw not_a_subject("what listens does not answer as the probe app would (form: " + f.name + ')');
  }
}

class suite_run {
 public:
  suite_run(const subject& judged, const std::vector<test_case>& cases, const run_options& options)
      : judged_(judged), options_(options) {
    for (const test_case& c : cases)
      if (!options.wanted || options.wanted(c)) wanted_.push_back(&c);
  }

  std::vector<result> run() {
    const auto& forms = all_forms();
    results_.resize(wanted_.size() * forms.size());
    for (std::size_t f = 0; f < forms.size(); ++f) run_form(forms[f], f);
    std::erase_if(results_, [](const result& r) { return r.of == nullptr; });
    return std::move(results_);
  }

 private:
  void run_form(const form& f, std::size_t index) {
    const auto server = judged_.start(f);
    const auto offered = greet(*server, f, options_.patience);
    std::atomic<std::size_t> next{0};
    {
      std::vector<std::jthread> workers;
      for (unsigned i = 0; i < options_.parallel; ++i) workers.emplace_back([&] {
        for (std::size_t c; (c = next.fetch_add(1)) < wanted_.size();) {
          const test_case& one = *wanted_[c];
          if (!makes_sense(one, f) || one.own_server) continue;
          finish(c, index, f, offered.contains(one.capability) || one.capability.empty() ? judge(one, f, *server) : not_offered(one, f));
        }
      });
    }
    for (std::size_t c = 0; c < wanted_.size(); ++c)
      if (wanted_[c]->own_server && makes_sense(*wanted_[c], f)) finish(c, index, f, judge(*wanted_[c], f, *judged_.start(f)));
  }

  static result not_offered(const test_case& c, const form& f) {
    return {&c, f.name, verdict::not_applicable, c.capability + " is not offered", {}, {}};
  }

  result judge(const test_case& c, const form& f, running_subject& server) {
    result r{&c, f.name, verdict::pass, {}, {}, {}};
    const auto began = std::chrono::steady_clock::now();
    const std::size_t runs = runs_of(c);
    for (std::size_t split = 0; split < runs && r.how == verdict::pass; ++split) attempt(c, f, server, split, r);
    r.took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
    return r;
  }

  void attempt(const test_case& c, const form& f, running_subject& server, std::size_t split, result& r) {
    std::optional<conversation> talk;
    std::size_t at = 0;
    try {
      talk.emplace(server, f, "case-" + std::to_string(keys_.fetch_add(1)), options_.patience);
      talk->split_at(split);
      for (; at < c.steps.size(); ++at) talk->perform(c.steps[at]);
    } catch (const std::exception& failed) {
      r.how = verdict::fail;
      r.reason = failed.what();
      if (split > 0) r.reason += " (the request cut before byte " + std::to_string(split) + ')';
      if (talk) r.transcript = talk->transcript();
    }
  }

  void finish(std::size_t c, std::size_t form_index, const form&, result r) {
    const std::lock_guard lock(mutex_);
    result& place = results_[c * all_forms().size() + form_index];
    place = std::move(r);
    if (options_.on_result) options_.on_result(place);
  }

  const subject& judged_;
  const run_options& options_;
  std::vector<const test_case*> wanted_;
  std::vector<result> results_;
  std::atomic<std::size_t> keys_{0};
  std::mutex mutex_;
};

}  // namespace

std::vector<result> run(const subject& judged, const std::vector<test_case>& cases, const run_options& options) {
  return suite_run(judged, cases, options).run();
}

}  // namespace csgi::conformance
