// refusals.hpp - requests that a server answers itself.
#pragma once
#include "themes.hpp"

namespace csgi::conformance {

/// A request to /count with these lines between the case's own fields and the end of its head.
inline std::string with_lines(std::string_view lines) {
  return "POST {root}/count HTTP/1.1\r\nHost: probe\r\nX-Case: {key}\r\n" + std::string(lines) + "\r\n";
}

inline std::string with_line(std::string_view request_line) {
  return std::string(request_line) + "\r\nHost: probe\r\nX-Case: {key}\r\n\r\n";
}

/// The status, then the connection's end, though another request follows; and the app was not called for either.
inline void refused(cases& to, std::vector<std::string> clauses, std::string name, std::string bytes, std::vector<int> statuses = {400}) {
  to.push_back({std::move(clauses), std::move(name),
                {send(bytes + get("/hello")), receive(answer(std::move(statuses))), end(), never_noted("called*")}});
}

/// The status, whatever becomes of the connection; and the app was not called.
inline void answered(cases& to, std::vector<std::string> clauses, std::string name, std::string bytes, expectation wanted) {
  to.push_back({std::move(clauses), std::move(name), {send(std::move(bytes)), receive(std::move(wanted)), never_noted("called*")}});
}

}  // namespace csgi::conformance
