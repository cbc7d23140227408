// conversation.cpp - see conversation.hpp.
#include "conversation.hpp"
#include "waiting.hpp"
#include <algorithm>

namespace csgi::conformance {

namespace {

void replace_all(std::string& bytes, std::string_view placeholder, std::string_view by) {
  for (auto at = bytes.find(placeholder); at != std::string::npos; at = bytes.find(placeholder, at + by.size()))
    bytes.replace(at, placeholder.size(), by);
}

std::string shortened(const std::string& body) {
  return '"' + body.substr(0, 80) + (body.size() > 80 ? "…\" (" + std::to_string(body.size()) + " bytes)" : "\"");
}

void judge(const reply& got, const expectation& wanted) {
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

bool has(const std::string& lines, const std::string& line) {
  std::string what = line;
  what.insert(0, 1, '\n');
  if (what.ends_with('*')) what.pop_back();
  else what += '\n';
  return lines.find(what) != std::string::npos;
}

bool has_in_order(const std::string& lines, const std::string& what) { return lines.find('\n' + what) != std::string::npos; }

}  // namespace

conversation::conversation(running_subject& server, const form& with, std::string key, patience& wait)
    : server_(server), form_(with), key_(std::move(key)), patience_(wait), wire_(server.port(), wait) {}

void conversation::perform(const step& s) {
  const std::string bytes = filled_in(s.bytes);
  switch (s.what) {
    case step::kind::send: return send(bytes);
    case step::kind::drip: return wire_.drip(bytes);
    case step::kind::trickle: return wire_.trickle(bytes, s.gap);
    case step::kind::aside: return open_aside(bytes, s.most);
    case step::kind::aside_answered: return demand_answers_aside(s.most, filled_in(s.wanted));
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

void conversation::send(std::string_view bytes) {
  if (split_ > 0 && split_ < bytes.size()) {
    wire_.send(bytes.substr(0, split_));
    bytes.remove_prefix(split_);
    split_ = 0;
    std::this_thread::yield();
  }
  wire_.send(bytes);
}

void conversation::open_aside(const std::string& bytes, std::size_t connections) {
  for (; connections > 0; --connections) aside_.emplace_back(server_.port(), patience_).send(bytes);
}

void conversation::demand_answers_aside(std::size_t at_least, const expectation& wanted) {
  const auto answered = [this] { return static_cast<std::size_t>(std::ranges::count_if(aside_, &wire::has_news)); };
  if (!wait_for(patience_.now(), [&] { return answered() >= at_least; })) {
    patience_.late();
    throw unmet("of the connections beside " + std::to_string(answered()) + " are answered, not " + std::to_string(at_least));
  }
  for (wire& each : aside_)
    if (each.has_news()) judge(each.receive("GET"), wanted);
}

std::string conversation::filled_in(std::string bytes) const {
  replace_all(bytes, "{root}", form_.root);
  replace_all(bytes, "{key}", key_);
  return bytes;
}

expectation conversation::filled_in(expectation wanted) const {
  for (auto& part : wanted.body_contains) part = filled_in(std::move(part));
  return wanted;
}

std::string conversation::notes() const {
  wire asking(server_.port(), patience_);
  asking.send("GET " + form_.root + "/notes HTTP/1.1\r\nHost: probe\r\nX-Case: " + key_ + "\r\nConnection: close\r\n\r\n");
  return '\n' + asking.receive("GET").body;
}

void conversation::demand_note(const std::string& what, bool (*found)(const std::string&, const std::string&)) const {
  std::string seen;
  if (wait_for(patience_.now(), [&] { return found(seen = notes(), what); })) return;
  patience_.late();
  throw unmet("the probe did not note \"" + what + "\", but: " + (seen.size() > 1 ? seen.substr(1) : "nothing"));
}

void conversation::refuse_note(const std::string& what) const {
  if (has(notes(), what)) throw unmet("the probe noted \"" + what + '"');
}

void conversation::demand_end() {
  const auto code = server_.exit_code();
  if (!code) throw unmet("the server does not end");
  if (*code != 0) throw unmet("the server ended with exit code " + std::to_string(*code));
}

}  // namespace csgi::conformance
