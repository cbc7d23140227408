// case.cpp - see csgi/conformance/case.hpp.
#include <csgi/conformance/case.hpp>

namespace csgi::conformance {

expectation expectation::with(std::string name, std::string value) && {
  fields.emplace_back(std::move(name), std::move(value));
  return std::move(*this);
}

expectation expectation::listing(std::string name, std::string token) && {
  tokens.emplace_back(std::move(name), std::move(token));
  return std::move(*this);
}

expectation expectation::with_in_order(std::vector<std::pair<std::string, std::string>> fields_in_order) && {
  in_order = std::move(fields_in_order);
  return std::move(*this);
}

expectation expectation::with_only(std::vector<std::string> names) && {
  only = std::move(names);
  return std::move(*this);
}

expectation expectation::without(std::string name) && {
  absent.push_back(std::move(name));
  return std::move(*this);
}

expectation expectation::saying(std::string bytes) && {
  body = std::move(bytes);
  return std::move(*this);
}

expectation expectation::containing(std::string bytes) && {
  body_contains.push_back(std::move(bytes));
  return std::move(*this);
}

expectation expectation::lacking(std::string bytes) && {
  lacks.push_back(std::move(bytes));
  return std::move(*this);
}

expectation expectation::patterned(std::size_t size) && {
  pattern = size;
  return std::move(*this);
}

expectation expectation::after_interim(unsigned count) && {
  interim = count;
  return std::move(*this);
}

expectation expectation::broken_off() && {
  how = ending::cut;
  return std::move(*this);
}

expectation expectation::or_else(expectation other) && {
  others.push_back(std::move(other));
  return std::move(*this);
}

expectation answer(int status) { return answer(std::vector<int>{status}); }

expectation answer(std::vector<int> statuses) {
  expectation wanted;
  wanted.statuses = std::move(statuses);
  return wanted;
}

step send(std::string bytes) { return {step::kind::send, std::move(bytes)}; }
step handshake(std::string bytes, expectation wanted) { return {step::kind::handshake, std::move(bytes), std::move(wanted)}; }
step drip(std::string bytes) { return {step::kind::drip, std::move(bytes)}; }
step trickle(std::string bytes, std::chrono::milliseconds gap) { return {step::kind::trickle, std::move(bytes), {}, 0, gap}; }
step aside(std::string bytes, std::size_t connections) { return {step::kind::aside, std::move(bytes), {}, connections}; }
step aside_answered(std::size_t at_least, expectation wanted) { return {step::kind::aside_answered, {}, std::move(wanted), at_least}; }
step receive(expectation wanted, std::string method) { return {step::kind::receive, std::move(method), std::move(wanted)}; }
step meanwhile(std::string bytes, expectation wanted) { return {step::kind::meanwhile, std::move(bytes), std::move(wanted)}; }
step receive_some(std::string bytes) { return {step::kind::receive_some, std::move(bytes)}; }
step receive_or_end(expectation wanted, std::string method) { return {step::kind::receive_or_end, std::move(method), std::move(wanted)}; }
step broken() { return {step::kind::broken}; }
step slowly() { return {step::kind::slowly}; }
step receive_text(std::string bytes) { return {step::kind::receive_text, std::move(bytes)}; }
step through(std::string bytes) { return {step::kind::through, std::move(bytes)}; }
step receive_message(unsigned opcode, std::string payload) { return {step::kind::message, std::move(payload), {}, 0, {}, opcode}; }
step receive_pattern(unsigned opcode, std::size_t size) { return {step::kind::message, {}, expectation().patterned(size), 0, {}, opcode}; }
step receive_control(unsigned opcode, std::string payload) { return {step::kind::control, std::move(payload), {}, 0, {}, opcode}; }
step through_control(unsigned opcode, std::string payload) { return {step::kind::through_control, std::move(payload), {}, 0, {}, opcode}; }
step receive_closing(unsigned code, std::string reason) { return {step::kind::closing, std::move(reason), {}, 0, {}, code}; }
step through_closing(unsigned code, std::string reason) { return {step::kind::through_closing, std::move(reason), {}, 0, {}, code}; }
step silence() { return {step::kind::silence}; }
step end() { return {step::kind::end}; }
step torn() { return {step::kind::torn}; }
step ended() { return {step::kind::ended}; }
step pour(std::string bytes) { return {step::kind::pour, std::move(bytes)}; }
step flood(std::string bytes, std::size_t most) { return {step::kind::flood, std::move(bytes), {}, most}; }
step half_close() { return {step::kind::half_close}; }
step reset() { return {step::kind::reset}; }
step reconnect() { return {step::kind::reconnect}; }
step refuses() { return {step::kind::refuses}; }
step noted(std::string what) { return {step::kind::noted, std::move(what)}; }
step noted_in_order(const std::vector<std::string>& what) {
  std::string lines;
  for (const auto& line : what) lines += line + '\n';
  return {step::kind::noted_in_order, std::move(lines)};
}

step never_noted(std::string what) { return {step::kind::never_noted, std::move(what)}; }
step stop() { return {step::kind::stop}; }
step stopped() { return {step::kind::stopped}; }

std::string request(std::string_view method, std::string_view path, std::string_view fields, std::string_view body) {
  std::string bytes;
  bytes.append(method).append(" {root}").append(path).append(" HTTP/1.1\r\nHost: probe\r\nX-Case: {key}\r\n").append(fields);
  if (!body.empty()) bytes.append("Content-Length: " + std::to_string(body.size()) + "\r\n");
  return bytes.append("\r\n").append(body);
}

std::string get(std::string_view path, std::string_view fields) { return request("GET", path, fields); }

bool makes_sense(const test_case& c, const form& f) noexcept {
  return is_among(f, c.for_kinds) && (c.through_bridges || f.bridges == 0);
}

}  // namespace csgi::conformance
