// swap_report.cpp - see swap_report.hpp.
#include "swap_report.hpp"
#include <algorithm>
#include <boost/json.hpp>
#include "html_style.hpp"
#include "markup.hpp"
#include "utf8.hpp"

namespace csgi::conformance {

namespace {

namespace json = boost::json;

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string all;
  for (const auto& word : words) all.append(all.empty() ? "" : between).append(word);
  return all;
}

/// What was seen, and by which servers: "404: threaded, evented".
std::vector<std::string> sides_of(const difference& d, const std::vector<swap_server>& servers) {
  std::vector<std::string> values;
  for (const auto& value : d.seen)
    if (std::ranges::find(values, value) == values.end()) values.push_back(value);
  std::vector<std::string> sides;
  for (const auto& value : values) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < servers.size(); ++i)
      if (d.seen[i] == value) names.push_back(servers[i].name);
    sides.push_back(as_utf8(value) + ": " + joined(names, ", "));
  }
  return sides;
}

/// Differences with the same sides, and where they were seen.
struct shape {
  std::string aspect;
  std::vector<std::string> sides;
  std::vector<std::string> requests;
};

std::vector<shape> shapes_of(const swap_report& r) {
  std::vector<shape> all;
  for (const auto& d : r.found.differences) {
    const auto sides = sides_of(d, r.servers);
    const auto same = [&](const shape& s) { return s.aspect == d.aspect && s.sides == sides; };
    auto place = std::ranges::find_if(all, same);
    if (place == all.end()) place = all.insert(all.end(), {d.aspect, sides, {}});
    place->requests.push_back(as_utf8(d.request) + " (" + d.way + ')');
  }
  return all;
}

std::string some_of(const std::vector<std::string>& requests) {
  constexpr std::size_t enough = 6;
  if (requests.size() <= enough) return joined(requests, "; ");
  const std::vector<std::string> first(requests.begin(), requests.begin() + enough);
  return joined(first, "; ") + "; and " + std::to_string(requests.size() - enough) + " more";
}

std::string verdict_of(const swap_report& r) {
  const std::string exchanges = std::to_string(r.found.exchanges) + " exchanges with each of " + std::to_string(r.servers.size()) + " servers";
  const auto counted = [](std::size_t count, const std::string& what) {
    return (count == 0 ? "no" : std::to_string(count)) + ' ' + what + (count > 1 ? "s" : "");
  };
  const std::string forbidden = r.found.forbidden.empty() ? "" : " and " + counted(r.found.forbidden.size(), "forbidden line");
  return counted(r.found.differences.size(), "difference") + forbidden + " in " + exchanges;
}

std::string told(const forbidden_line& line) {
  return as_utf8(line.line) + (line.times == 1 ? "" : " (" + std::to_string(line.times) + " times)");
}

std::string junit_failures(const swap_report& r, const std::string& request) {
  std::string all;
  for (const auto& d : r.found.differences) {
    if (d.request != request) continue;
    const std::string what = d.aspect + " (" + d.way + "): " + joined(sides_of(d, r.servers), "; ");
    all += "<failure message=\"" + escaped(as_utf8(d.aspect)) + "\">" + escaped(what) + "</failure>";
  }
  return all;
}

std::string junit_forbidden(const swap_report& r) {
  std::string all;
  for (const auto& line : r.found.forbidden)
    all += "<failure message=\"forbidden\">" + escaped(line.server + ": " + told(line)) + "</failure>";
  return all;
}

std::string html_row(const shape& s) {
  std::string sides;
  for (const auto& side : s.sides) sides += "<div>" + escaped(side) + "</div>";
  std::string requests;
  for (const auto& request : s.requests) requests += "<div>" + escaped(request) + "</div>";
  return "<tr><td class=\"id\">" + escaped(s.aspect) + "</td><td>" + sides + "</td><td class=\"faint\">" + requests + "</td></tr>\n";
}

}  // namespace

std::string swap_text(const swap_report& r, const terminal& to) {
  std::string all = "\n";
  for (const auto& s : shapes_of(r)) {
    all += to.in(ink::bad, "DIFFERENT") + "  " + to.in(ink::strong, s.aspect) + '\n';
    for (const auto& side : s.sides) all += "    " + side + '\n';
    all += to.wrapped(some_of(s.requests), 2) + '\n';
  }
  for (const auto& line : r.found.forbidden) all += to.in(ink::bad, "FORBIDDEN") + "  " + line.server + ": " + told(line) + '\n';
  if (!r.found.forbidden.empty()) all += '\n';
  for (const auto& note : r.found.notes) all += to.in(ink::doubtful, to.wrapped(as_utf8(note), 2));
  if (!r.found.notes.empty()) all += '\n';
  return all + to.in(r.found.none() ? ink::good : ink::bad, verdict_of(r)) + '\n';
}

std::string swap_json(const swap_report& r) {
  json::array servers;
  for (const auto& s : r.servers) servers.push_back(json::object{{"name", s.name}, {"command", as_utf8(joined(s.command, " "))}});
  json::array differences;
  for (const auto& d : r.found.differences) {
    json::object seen;
    for (std::size_t i = 0; i < r.servers.size(); ++i) seen[r.servers[i].name] = as_utf8(d.seen[i]);
    differences.push_back(json::object{{"request", as_utf8(d.request)}, {"way", d.way}, {"aspect", as_utf8(d.aspect)}, {"seen", std::move(seen)}});
  }
  json::array forbidden;
  for (const auto& line : r.found.forbidden)
    forbidden.push_back(json::object{{"server", line.server}, {"line", as_utf8(line.line)}, {"times", line.times}});
  json::array notes;
  for (const auto& note : r.found.notes) notes.emplace_back(as_utf8(note));
  return json::serialize(json::object{{"format", "csgi-conformance-swap/1"}, {"app", as_utf8(r.app)}, {"servers", std::move(servers)},
                                      {"exchanges", r.found.exchanges}, {"differences", std::move(differences)},
                                      {"forbidden", std::move(forbidden)}, {"notes", std::move(notes)}, {"ms", r.took.count()}}) + '\n';
}

std::string swap_junit(const swap_report& r) {
  std::string tests;
  std::size_t failures = 0;
  std::vector<std::string> names;
  for (const auto& request : r.requests) names.push_back(request.name);
  names.emplace_back("SIGTERM");
  names.emplace_back("standard error");
  for (const auto& name : names) {
    const std::string failed = name == names.back() ? junit_forbidden(r) : junit_failures(r, name);
    failures += failed.empty() ? 0 : 1;
    tests += "<testcase classname=\"" + escaped(as_utf8(r.app)) + "\" name=\"" + escaped(as_utf8(name)) + "\">" + failed + "</testcase>\n";
  }
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"csgi-conformance\">\n<testsuite name=\"" + escaped(as_utf8(r.app)) +
         "\" tests=\"" + std::to_string(names.size()) + "\" failures=\"" + std::to_string(failures) + "\" errors=\"0\" skipped=\"0\">\n" +
         tests + "</testsuite>\n</testsuites>\n";
}

std::string swap_html(const swap_report& r) {
  const std::string style = r.found.none() ? "passed" : "failed";
  std::string html = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                     "content=\"width=device-width, initial-scale=1\"><title>CSGI swap</title><style>";
  html.append(html_style()).append("</style></head><body>\n<header><h1>" + escaped(as_utf8(r.app)) + " on " +
                                   std::to_string(r.servers.size()) + " servers</h1>");
  html += "<p class=\"faint\">Whether a client can tell which of them it talks to.</p><p class=\"verdict " + style + "\">" +
          escaped(verdict_of(r)) + "</p></header>\n<div class=\"servers\">\n";
  for (const auto& s : r.servers)
    html += "<div class=\"server\"><h3>" + escaped(s.name) + "</h3><p class=\"command\"><code>" + escaped(as_utf8(joined(s.command, " "))) +
            "</code></p></div>\n";
  html += "</div>\n";
  if (!r.found.differences.empty()) html += "<div class=\"grid\"><table><thead><tr><th>what</th><th>seen</th><th>where</th></tr></thead>\n";
  for (const auto& s : shapes_of(r)) html += html_row(s);
  if (!r.found.differences.empty()) html += "</table></div>\n";
  if (!r.found.forbidden.empty()) html += "<div class=\"grid\"><table><thead><tr><th>server</th><th>what it may not say</th></tr></thead>\n";
  for (const auto& line : r.found.forbidden)
    html += "<tr><td class=\"id\">" + escaped(line.server) + "</td><td>" + escaped(told(line)) + "</td></tr>\n";
  if (!r.found.forbidden.empty()) html += "</table></div>\n";
  std::string notes;
  for (const auto& note : r.found.notes) notes += "<li>" + escaped(as_utf8(note)) + "</li>";
  return html + (notes.empty() ? "" : "<ul class=\"faint\">" + notes + "</ul>") + "</body></html>\n";
}

}  // namespace csgi::conformance
