// conversation.cpp - see conversation.hpp.
#include "conversation.hpp"
#include "waiting.hpp"
#include <algorithm>
#include <csgi/field.hpp>

namespace csgi::conformance {

namespace {

void replace_all(std::string& bytes, std::string_view placeholder, std::string_view by) {
  for (auto at = bytes.find(placeholder); at != std::string::npos; at = bytes.find(placeholder, at + by.size()))
    bytes.replace(at, placeholder.size(), by);
}

std::string shortened(const std::string& body) {
  return '"' + body.substr(0, 80) + (body.size() > 80 ? "…\" (" + std::to_string(body.size()) + " bytes)" : "\"");
}

constexpr unsigned closing = 8;     // a WebSocket's frame

std::string shown(const server_frame& frame) {
  const auto kind = frame.is_control() ? std::string(frame.opcode == closing ? "a close" : frame.opcode == 9 ? "a ping" : "a pong")
                                       : "a message of kind " + std::to_string(frame.opcode);
  return kind + " with " + shortened(visible(frame.payload));
}

bool fits(const std::string& got, const std::string& wanted) {
  if (wanted.ends_with('*')) return got.starts_with(std::string_view(wanted).substr(0, wanted.size() - 1));
  return wanted.empty() || got == wanted;
}

/// Whether a field's value is a list that has it.
bool lists(std::string_view value, std::string_view token) {
  while (!value.empty()) {
    const auto comma = std::min(value.find(','), value.size());
    auto one = value.substr(0, comma);
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    if (same_name(one, token)) return true;
    value.remove_prefix(std::min(comma + 1, value.size()));
  }
  return false;
}

bool is_among(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::any_of(names, [&](const std::string& each) { return same_name(each, name); });
}

void judge_fields(const reply& got, const expectation& wanted) {
  for (const auto& [name, value] : wanted.fields) {
    if (!got.has(name)) throw unmet("the response has no " + name);
    if (!fits(got.value(name), value)) throw unmet(name + " is \"" + got.value(name) + "\", not \"" + value + '"');
  }
  for (const auto& [name, token] : wanted.tokens)
    if (!lists(got.value(name), token)) throw unmet(name + " is \"" + got.value(name) + "\", and does not list " + token);
  for (const auto& name : wanted.absent)
    if (got.has(name)) throw unmet("the response has a " + name + ": " + got.value(name));
  for (const auto& [name, value] : got.fields)
    if (!wanted.only.empty() && !is_among(wanted.only, name)) throw unmet("the response has a " + name + ": " + value);
  auto from = got.fields.begin();
  for (const auto& field : wanted.in_order) {
    from = std::find(from, got.fields.end(), field);
    if (from == got.fields.end()) throw unmet("the response has no \"" + field.first + ": " + field.second + "\" in its place");
    ++from;
  }
}

/// Whether each byte is the one that stands a period before it, in one comparison: there are bodies of tens of megabytes.
bool is_pattern(std::string_view body) {
  constexpr std::string_view period = "abcdefghijklmnopqrstuvw";
  if (body.size() <= period.size()) return period.starts_with(body);
  return body.starts_with(period) && body.substr(period.size()) == body.substr(0, body.size() - period.size());
}

void judge_pattern(const std::string& body, std::size_t size) {
  if (body.size() != size) throw unmet("the body has " + std::to_string(body.size()) + " bytes, not " + std::to_string(size));
  if (is_pattern(body)) return;
  for (std::size_t i = 0; i < size; ++i)
    if (body[i] != static_cast<char>('a' + i % 23)) throw unmet("the body is not what the app wrote, from byte " + std::to_string(i) + " on");
}

void judge_this(const reply& got, const expectation& wanted) {
  if (!wanted.statuses.empty() && std::find(wanted.statuses.begin(), wanted.statuses.end(), got.status) == wanted.statuses.end())
    throw unmet("the status is " + std::to_string(got.status) + ", not " + std::to_string(wanted.statuses.front()));
  if (wanted.interim && got.interim != *wanted.interim)
    throw unmet(std::to_string(got.interim) + " interim responses came before it, not " + std::to_string(*wanted.interim));
  judge_fields(got, wanted);
  if (wanted.how == expectation::ending::whole && !got.whole) throw unmet("the response is not whole");
  if (wanted.how == expectation::ending::cut && got.whole) throw unmet("the response looks whole, but cannot be");
  if (wanted.body && got.body != *wanted.body)
    throw unmet("the body is " + shortened(got.body) + ", not " + shortened(*wanted.body));
  for (const auto& part : wanted.lacks) {
    if (got.body.find(part) != std::string::npos) throw unmet("the body has " + shortened(part));
    for (const auto& [name, value] : got.fields)
      if (value.find(part) != std::string::npos) throw unmet("the field " + name + " has " + shortened(part));
  }
  for (const auto& part : wanted.body_contains)
    if (got.body.find(part) == std::string::npos) throw unmet("the body has no " + shortened(part));
  if (wanted.pattern) judge_pattern(got.body, *wanted.pattern);
}

/// Where nothing fits, what is said is about the first.
void judge(const reply& got, const expectation& wanted) {
  try {
    judge_this(got, wanted);
  } catch (const unmet&) {
    for (const auto& other : wanted.others) {
      try {
        return judge_this(got, other);
      } catch (const unmet&) {
      }
    }
    throw;
  }
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
    case step::kind::handshake: return shake_hands(bytes, filled_in(s.wanted));
    case step::kind::drip: return wire_.drip(bytes);
    case step::kind::trickle: return wire_.trickle(bytes, s.gap);
    case step::kind::aside: return open_aside(bytes, s.most);
    case step::kind::aside_answered: return demand_answers_aside(s.most, filled_in(s.wanted));
    case step::kind::pour: return static_cast<void>(outpourings_.emplace_back(server_.port(), bytes, patience_));
    case step::kind::meanwhile: return ask_meanwhile(bytes, filled_in(s.wanted));
    case step::kind::receive: return judge(wire_.receive(bytes), filled_in(s.wanted));
    case step::kind::receive_some: return wire_.receive_some(bytes);
    case step::kind::receive_or_end: return wire_.closed() ? void() : judge(wire_.receive(bytes), filled_in(s.wanted));
    case step::kind::broken: return wire_.broken();
    case step::kind::slowly: return wire_.slow_down();
    case step::kind::receive_text: return wire_.receive_text(bytes);
    case step::kind::through: return wire_.through(bytes);
    case step::kind::message: return demand_message(s);
    case step::kind::control: return demand_control(s, false);
    case step::kind::through_control: return demand_control(s, true);
    case step::kind::closing: return demand_closing(s, false);
    case step::kind::through_closing: return demand_closing(s, true);
    case step::kind::silence: return wire_.silence();
    case step::kind::end: return wire_.end();
    case step::kind::torn: return wire_.torn();
    case step::kind::ended: return wire_.ended();
    case step::kind::flood: return void(wire_.flood(bytes, s.most));
    case step::kind::half_close: return wire_.half_close();
    case step::kind::reset: return wire_.reset();
    case step::kind::reconnect: return wire_.reconnect();
    case step::kind::refuses: return demand_refusal();
    case step::kind::noted: return demand_note(bytes, has);
    case step::kind::noted_in_order: return demand_note(bytes, has_in_order);
    case step::kind::never_noted: return refuse_note(bytes);
    case step::kind::stop: return server_.stop();
    case step::kind::stopped: return demand_end();
  }
}

void conversation::send(std::string_view bytes) {
  if (cuts_ == 0) cuts_ = bytes.size();
  if (split_ > 0 && split_ < bytes.size()) {
    wire_.send(bytes.substr(0, split_));
    bytes.remove_prefix(split_);
    split_ = 0;
    let_pass();
  }
  wire_.send(bytes);
}

/// When the server has answered a request on another connection, it has most likely read what was sent before.
void conversation::let_pass() const { ask_meanwhile("GET " + form_.root + "/hello HTTP/1.1\r\nHost: probe\r\nConnection: close\r\n\r\n", {}); }

void conversation::ask_meanwhile(const std::string& bytes, const expectation& wanted) const {
  wire other(server_.port(), patience_);
  other.send(bytes);
  judge(other.receive("GET"), wanted);
}

void conversation::demand_refusal() const {
  const auto refused = [this] {
    try {
      const wire other(server_.port(), patience_);
      return false;
    } catch (const unmet&) {
      return true;
    }
  };
  if (wait_for(patience_.now(), refused)) return;
  patience_.late();
  throw unmet("the server still accepts connections");
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
  replace_all(bytes, "{port}", std::to_string(server_.port()));
  replace_all(bytes, "{from}", std::to_string(wire_.local_port()));
  return bytes;
}

expectation conversation::filled_in(expectation wanted) const {
  for (auto& part : wanted.body_contains) part = filled_in(std::move(part));
  for (auto& part : wanted.lacks) part = filled_in(std::move(part));
  for (auto& other : wanted.others) other = filled_in(std::move(other));
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

void conversation::shake_hands(const std::string& bytes, const expectation& wanted) {
  wire_.send(bytes);
  const reply got = wire_.receive("GET");
  judge(got, wanted);
  const std::string extensions = got.value("sec-websocket-extensions");
  if (extensions.starts_with("permessage-deflate")) wire_.expect_compression(extensions.find("server_no_context_takeover") == extensions.npos);
}

void conversation::demand_message(const step& s) {
  reply got;
  bool compressed = false;
  for (bool began = false, more = true; more; began = true) {
    server_frame part = wire_.receive_frame();
    if (part.is_control()) throw unmet("the server sent " + shown(part) + " where a message was due");
    if (!began && part.opcode != s.number) throw unmet("the server sent " + shown(part) + ", not one of kind " + std::to_string(s.number));
    compressed = compressed || part.compressed;
    got.body += part.payload;
    more = !part.ends;
  }
  if (compressed) got.body = wire_.inflated(std::move(got.body));
  if (s.wanted.pattern) judge_pattern(got.body, *s.wanted.pattern);
  else if (const auto wanted = filled_in(s.bytes); got.body != wanted)
    throw unmet("the message is " + shortened(visible(got.body)) + ", not " + shortened(visible(wanted)));
}

server_frame conversation::next_control(bool behind_messages) {
  for (;;) {
    server_frame frame = wire_.receive_frame();
    if (frame.is_control()) return frame;
    if (!behind_messages) throw unmet("the server sent " + shown(frame) + " where none was due");
  }
}

void conversation::demand_control(const step& s, bool behind_messages) {
  const server_frame frame = next_control(behind_messages);
  if (frame.opcode != s.number || (s.bytes != "*" && frame.payload != s.bytes))
    throw unmet("the server sent " + shown(frame) + ", not " + shown({s.number, true, s.bytes}));
}

void conversation::demand_closing(const step& s, bool behind_messages) {
  const server_frame frame = next_control(behind_messages);
  if (frame.opcode != closing) throw unmet("the server sent " + shown(frame) + " where it should have closed");
  const auto byte = [&](std::size_t at) { return static_cast<unsigned>(static_cast<unsigned char>(frame.payload[at])); };
  const unsigned code = frame.payload.size() < 2 ? 0 : byte(0) << 8 | byte(1);
  if (code != s.number) throw unmet("the server closed with " + std::to_string(code) + ", not " + std::to_string(s.number));
  const std::string reason = frame.payload.substr(std::min<std::size_t>(2, frame.payload.size()));
  if (s.bytes != "*" && reason != s.bytes) throw unmet("the reason is " + shortened(visible(reason)) + ", not " + shortened(visible(s.bytes)));
}

void conversation::demand_end() {
  const auto code = server_.exit_code();
  if (!code) throw unmet("the server does not end");
  if (*code != 0) throw unmet("the server ended with exit code " + std::to_string(*code));
}

}  // namespace csgi::conformance
