// json_report.cpp - see json_report.hpp.
#include "json_report.hpp"
#include <algorithm>
#include <boost/json.hpp>

namespace csgi::conformance {

namespace {

namespace json = boost::json;

constexpr std::string_view format = "csgi-conformance/1";
constexpr std::string_view verdicts[] = {"pass", "fail", "not applicable"};

json::array strings(const std::vector<std::string>& texts) {
  json::array all;
  for (const auto& text : texts) all.emplace_back(text);
  return all;
}

json::object to_object(const form_result& f) {
  json::object o{{"form", f.form}, {"verdict", verdicts[static_cast<unsigned char>(f.how)]}, {"ms", f.took.count()}};
  if (!f.reason.empty()) o["reason"] = f.reason;
  if (!f.transcript.empty()) o["transcript"] = f.transcript;
  return o;
}

json::array to_array(const std::vector<judged_case>& cases) {
  json::array all;
  for (const auto& c : cases) {
    json::array forms;
    for (const auto& f : c.forms) forms.push_back(to_object(f));
    all.push_back(json::object{{"name", c.name}, {"clauses", strings(c.clauses)}, {"forms", std::move(forms)}});
  }
  return all;
}

json::object outcome_of_clauses(const report& r) {
  json::object all;
  for (const auto& c : all_clauses())
    if (concerns(c, r.about)) all[c.id] = to_string(standing_of(c, r));
  return all;
}

std::string text_of(const json::object& o, std::string_view key) {
  const json::value* found = o.if_contains(key);
  return found == nullptr ? std::string() : std::string(found->as_string());
}

std::vector<std::string> texts_of(const json::value& array) {
  std::vector<std::string> texts;
  for (const auto& each : array.as_array()) texts.emplace_back(each.as_string());
  return texts;
}

form_result form_from(const json::object& o) {
  const std::string verdict_name = text_of(o, "verdict");
  const auto found = std::ranges::find(verdicts, verdict_name);
  if (found == std::end(verdicts)) throw std::runtime_error("there is no verdict \"" + verdict_name + '"');
  return {text_of(o, "form"), static_cast<verdict>(found - std::begin(verdicts)), text_of(o, "reason"),
          text_of(o, "transcript"), std::chrono::milliseconds(o.at("ms").to_number<std::int64_t>())};
}

judged_case case_from(const json::object& o) {
  judged_case c{text_of(o, "name"), texts_of(o.at("clauses")), {}};
  for (const auto& id : c.clauses)
    if (find_clause(id) == nullptr) throw std::runtime_error("it knows a clause " + id + ", this program does not");
  for (const auto& f : o.at("forms").as_array()) c.forms.push_back(form_from(f.as_object()));
  return c;
}

report report_from(const json::object& o) {
  if (text_of(o, "format") != format) throw std::runtime_error("it is not of the format " + std::string(format));
  report r{text_of(o, "label"), texts_of(o.at("command")), text_of(o, "when"), text_of(o, "version"),
           std::chrono::milliseconds(o.at("ms").to_number<std::int64_t>()), o.at("left_out").to_number<std::size_t>(), {}};
  if (text_of(o, "about") == "app") r.about = party::app;
  if (const auto* notes = o.if_contains("notes")) r.notes = texts_of(*notes);
  for (const auto& c : o.at("cases").as_array()) r.cases.push_back(case_from(c.as_object()));
  return r;
}

json::object to_object(const clause& c, json::array cases) {
  json::object o{{"id", c.id}, {"role", to_string(c.role)}, {"level", to_string(c.level)}, {"how", to_string(c.how)},
                 {"state", c.planned ? "planned" : "built"}};
  if (!c.capability.empty()) o["capability"] = c.capability;
  o["chapter"] = c.chapter;
  o["section"] = c.section;
  o["text"] = c.text;
  o["cases"] = std::move(cases);
  return o;
}

}  // namespace

std::string to_json(const report& r) {
  json::object o{{"format", format}, {"about", to_string(r.about)}, {"label", r.label}, {"command", strings(r.command)}, {"when", r.when},
                 {"version", r.version}, {"ms", r.took.count()}};
  o["left_out"] = r.left_out;
  o["passed"] = r.broken() == 0;
  o["broken"] = r.broken();
  o["warnings"] = r.warnings();
  o["notes"] = strings(r.notes);
  o["clauses"] = outcome_of_clauses(r);
  o["cases"] = to_array(r.cases);
  return json::serialize(o) + '\n';
}

report from_json(std::string_view text, const std::string& file) {
  try {
    return report_from(json::parse(text).as_object());
  } catch (const std::exception& error) {
    throw std::runtime_error(file + " is no report of this program: " + error.what());
  }
}

std::string clauses_json() {
  std::string lines = "[\n";
  for (const auto& c : all_clauses())
    lines += json::serialize(to_object(c, strings(names_of_cases(c, c.role)))) + (&c == &all_clauses().back() ? "\n" : ",\n");
  return lines + "]\n";
}

}  // namespace csgi::conformance
