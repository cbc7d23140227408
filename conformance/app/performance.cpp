// performance.cpp - see performance.hpp.
#include "performance.hpp"

namespace csgi::conformance {

namespace {

constexpr std::size_t most_lines = 40;
constexpr std::size_t longest_line = 200;

std::string shortened(std::string_view text) {
  return std::string(text.substr(0, longest_line)) + (text.size() > longest_line ? " …" : "");
}

}  // namespace

std::string to_string(const played_answer& a) {
  if (a.status == 0) return "no response";
  return std::to_string(a.status) + ", " + std::to_string(a.size) + (a.size == 1 ? " body byte" : " body bytes") +
         (a.whole ? "" : a.cut ? ", and more" : ", then broken off");
}

std::string transcript_of(const plan& p, const performance& of) {
  const auto& r = *p.request;
  std::string text = "> " + shortened(r.method + ' ' + r.target) + '\n';
  for (std::size_t i = 0; i < r.fields.size() && i < 10; ++i)
    text += "> " + shortened(r.fields[i].name + ": " + r.fields[i].value) + '\n';
  for (const auto& each : p.fields) text += "> " + shortened(each.name + ": " + each.value) + '\n';
  if (r.body != body_kind::none) text += "> a body of " + std::to_string(r.body_size()) + " bytes\n";
  for (const auto* const list : {&r.trailers, &p.trailers})
    for (const auto& each : *list) text += "> behind it " + shortened(each.name + ": " + each.value) + '\n';
  for (const auto& message : r.messages) text += "> message: " + shortened(message) + '\n';
  text += "played " + p.words + ":\n";
  const auto& trace = of.trace();
  for (std::size_t i = 0; i < trace.size(); ++i) {
    if (i == most_lines && trace.size() > 2 * most_lines) {
      text += "  … " + std::to_string(trace.size() - 2 * most_lines) + " more\n";
      i = trace.size() - most_lines;
    }
    text += "  " + trace[i] + '\n';
  }
  for (const auto& line : of.exchange->result().log) text += "  log: " + shortened(line.text) + '\n';
  return text + "the client got: " + to_string(of.seen) + '\n';
}

}  // namespace csgi::conformance
