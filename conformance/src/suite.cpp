// suite.cpp - see csgi/conformance/suite.hpp.
#include <algorithm>
#include <atomic>
#include <csgi/conformance/suite.hpp>
#include <latch>
#include <map>
#include <mutex>
#include <set>
#include <system_error>
#include <thread>
#include "conversation.hpp"

namespace csgi::conformance {

namespace {

/// Whether nothing stands between server and probe. Where bytes are cut concerns the server alone.
bool is_plain(const form& f) noexcept { return f.name == "blocking" || f.name == "async"; }

/// A running server, and what the probe says of it.
class hosted_probe {
 public:
  /// Errors:    not_a_subject.
  hosted_probe(const subject& judged, const form& f, const std::vector<server_option>& told, patience& wait)
      : form_(under(f, told)), server_(judged.start(f, told)), offered_(greet(wait)) {}

  running_subject& server() const noexcept { return *server_; }

  /// The form, its root that of all the paths the probe answers at.
  const form& with() const noexcept { return form_; }

  bool offers(const std::string& capability) const { return capability.empty() || offered_.contains(capability); }

 private:
  static form under(form f, const std::vector<server_option>& told) {
    for (const auto& option : told)
      if (option.name == "root-path") f.root.insert(0, option.value);
    return f;
  }

  std::set<std::string> greet(patience& wait) const {
    try {
      return capabilities(wait);
    } catch (const unmet& why) {
      throw not_a_subject("what listens does not answer as the probe app would (form: " + form_.name + "): GET " + form_.root +
                          "/capabilities: " + why.what());
    }
  }

  /// What every request is offered, and what one is that offers to go on with another protocol. Who fails at that one offers
  /// nothing for it: as a fault it is told of by cases of CSGI-HTTP-112.
  std::set<std::string> capabilities(patience& wait) const {
    auto offered = capabilities(wait, "Connection: close\r\n");
    try {
      offered.merge(capabilities(wait, "Connection: close, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                                       "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"));
      if (offered.contains("csgi.websocket") && takes_compression(wait)) offered.insert("permessage-deflate");
    } catch (const unmet&) {
    }
    return offered;
  }

  /// Whether it agrees to the plainest offer of RFC 7692.
  bool takes_compression(patience& wait) const {
    wire asking(server_->port(), wait);
    asking.send("GET " + form_.root + "/play?accept HTTP/1.1\r\nHost: probe\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n");
    return asking.receive("GET").value("sec-websocket-extensions").starts_with("permessage-deflate");
  }

  std::set<std::string> capabilities(patience& wait, std::string_view fields) const {
    wire asking(server_->port(), wait);
    asking.send("GET " + form_.root + "/capabilities HTTP/1.1\r\nHost: probe\r\n" + std::string(fields) + "\r\n");
    const reply told = asking.receive("GET");
    if (told.status != 200 || !told.body.starts_with("csgi probe\n"))
      throw unmet("it was answered " + std::to_string(told.status) + ", \"" + visible(told.body.substr(0, 60)) + '"');
    std::set<std::string> offered;
    for (std::size_t from = 0, to; (to = told.body.find('\n', from)) != std::string::npos; from = to + 1)
      offered.insert(told.body.substr(from, to - from));
    return offered;
  }

  form form_;
  std::unique_ptr<running_subject> server_;
  std::set<std::string> offered_;
};

/// Of the cases with the same options. Started by the thread that first has one of them: others run theirs meanwhile.
class late_probe {
 public:
  late_probe(const subject& judged, const form& f, const std::vector<server_option>& told, patience& wait)
      : judged_(judged), form_(f), told_(told), patience_(wait) {}

  /// Errors:    not_a_subject, each time.
  const hosted_probe& start() {
    const std::lock_guard lock(mutex_);
    if (!probe_) probe_.emplace(judged_, form_, told_, patience_);
    return *probe_;
  }

 private:
  const subject& judged_;
  const form& form_;
  const std::vector<server_option> told_;
  patience& patience_;
  std::mutex mutex_;
  std::optional<hosted_probe> probe_;
};

/// The servers of one form, one for each set of options.
class server_park {
 public:
  server_park(const subject& judged, const form& f, patience& wait) : judged_(judged), form_(f), patience_(wait) {}

  late_probe& at(const std::vector<server_option>& told) {
    return servers_.try_emplace(told, judged_, form_, told, patience_).first->second;
  }

 private:
  const subject& judged_;
  const form& form_;
  patience& patience_;
  std::map<std::vector<server_option>, late_probe> servers_;
};

class suite_run {
 public:
  suite_run(const subject& judged, const std::vector<test_case>& cases, const run_options& options)
      : judged_(judged), options_(options), patience_(options.patience) {
    for (const test_case& c : cases)
      if (!options.wanted || options.wanted(c)) wanted_.push_back(&c);
  }

  std::vector<result> run() {
    const auto& forms = all_forms();
    results_.resize(wanted_.size() * forms.size());
    for (std::size_t f = 0; f < forms.size(); ++f)
      if (is_run_by(forms[f], options_.apps) && (!options_.in_forms || options_.in_forms(forms[f]))) run_form(forms[f], f);
    std::erase_if(results_, [](const result& r) { return r.of == nullptr; });
    return std::move(results_);
  }

 private:
  /// A case and its server; none where it needs one for itself.
  struct appointment {
    std::size_t place;
    late_probe* host;
  };

  void run_form(const form& f, std::size_t index) {
    server_park servers(judged_, f, patience_);
    const auto due = appointments(f, index, servers);
    std::atomic<std::size_t> next{0};
    std::latch over(options_.parallel);     // a server ends with the thread that has started it
    std::vector<std::jthread> workers;
    const auto work = [&] {
      for (std::size_t at; (at = next.fetch_add(1)) < due.size();) keep(due[at], f);
      over.arrive_and_wait();
    };
    try {
      while (workers.size() < options_.parallel) workers.emplace_back(work);
    } catch (const std::system_error&) {
      over.count_down(static_cast<std::ptrdiff_t>(options_.parallel - workers.size()));
      if (workers.empty()) throw;
    }
  }

  /// What can be said without running a case is said here. A server may refuse options for what it does not offer: it is not started
  /// with them.
  std::vector<appointment> appointments(const form& f, std::size_t index, server_park& servers) {
    const hosted_probe& usual = servers.at({}).start();
    std::vector<appointment> due;
    for (std::size_t c = 0; c < wanted_.size(); ++c) {
      const test_case& one = *wanted_[c];
      const std::size_t place = c * all_forms().size() + index;
      if (!makes_sense(one, f)) continue;
      if (!usual.offers(one.capability)) {
        finish(place, not_offered(one, f.name));
      } else if (!one.told.empty() && !judged_.takes_options()) {
        finish(place, {&one, f.name, verdict::not_applicable, "the server cannot be told options", {}, {}});
      } else {
        due.push_back({place, one.own_server ? nullptr : &servers.at(one.told)});
      }
    }
    // What has deadlines or a server to stop waits most of the time: begun last it would be waited for.
    const auto waits = [&](const appointment& at) { return !at.host || !case_of(at).told.empty(); };
    std::stable_partition(due.begin(), due.end(), waits);
    return due;
  }

  const test_case& case_of(const appointment& at) const { return *wanted_[at.place / all_forms().size()]; }

  void keep(const appointment& at, const form& f) {
    const test_case& c = case_of(at);
    try {
      finish(at.place, at.host ? judge(c, at.host->start()) : judge(c, hosted_probe(judged_, f, c.told, patience_)));
    } catch (const not_a_subject& why) {
      finish(at.place, {&c, f.name, verdict::fail, why.what(), {}, {}});
    }
  }

  static result not_offered(const test_case& c, const std::string& form) {
    return {&c, form, verdict::not_applicable, c.capability + " is not offered", {}, {}};
  }

  result judge(const test_case& c, const hosted_probe& host) {
    if (!host.offers(c.capability)) return not_offered(c, host.with().name);
    result r{&c, host.with().name, verdict::pass, {}, {}, {}};
    const auto began = std::chrono::steady_clock::now();
    std::size_t split = 0;
    for (std::size_t cuts = 1; split < cuts && r.how == verdict::pass; ++split) {
      cuts = attempt(c, host, split, r);
      if (!c.at_every_split || !options_.cuts || !is_plain(host.with())) break;
    }
    r.took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
    return r;
  }

  /// Runs it once. Gives the number of bytes at which its first send can be cut.
  std::size_t attempt(const test_case& c, const hosted_probe& host, std::size_t split, result& r) {
    std::optional<conversation> talk;
    try {
      talk.emplace(host.server(), host.with(), "case-" + std::to_string(keys_.fetch_add(1)), patience_);
      talk->split_at(split);
      for (const step& each : c.steps) talk->perform(each);
    } catch (const std::exception& failed) {
      r.how = verdict::fail;
      r.reason = failed.what();
      if (split > 0) r.reason += " (the request cut before byte " + std::to_string(split) + ')';
      if (talk) r.transcript = talk->transcript();
    }
    return talk ? talk->cuts() : 0;
  }

  void finish(std::size_t place, result r) {
    const std::lock_guard lock(mutex_);
    results_[place] = std::move(r);
    if (options_.on_result) options_.on_result(results_[place]);
  }

  const subject& judged_;
  const run_options& options_;
  patience patience_;
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
