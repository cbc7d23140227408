// html_report.cpp - see html_report.hpp.
#include "html_report.hpp"
#include "coverage.hpp"
#include "html_clauses.hpp"
#include "html_style.hpp"
#include "markup.hpp"

namespace csgi::conformance {

namespace {

std::string verdict_of(const report& r) {
  const std::string cases = std::to_string(r.cases.size()) + (r.about == party::app ? " checks" : " cases");
  const std::string left_out = r.left_out == 0 ? "" : ", " + std::to_string(r.left_out) + " left out";
  const auto line = [&](const char* style, const std::string& text) {
    return "<p class=\"verdict " + std::string(style) + "\">" + text + left_out + "</p>";
  };
  if (r.broken() > 0) return line("failed", "✗ failed " + std::to_string(r.broken()) + " of " + cases);
  if (r.warnings() > 0) return line("warned", "✓ passed " + cases + ", " + std::to_string(r.warnings()) + " of them with a warning");
  return line("passed", "✓ passed " + cases);
}

std::string command_of(const report& r) {
  std::string words;
  for (const auto& word : r.command) words += (words.empty() ? "" : " ") + word;
  return words == r.label ? "" : "<p class=\"command\"><code>" + escaped(words) + "</code></p>";
}

/// The clauses on the wire by standing, as a bar and in figures.
std::string bar_of(const report& r) {
  const chapter_coverage all = sum_of(coverage_of(r), "");
  std::string bar;
  std::string counts;
  for (std::size_t i = 0; i < standings; ++i) {
    if (all.count[i] == 0) continue;
    const auto s = static_cast<standing>(i);
    const auto [style, sign] = mark_of(s);
    const std::string number = std::to_string(all.count[i]);
    bar.append("<i class=\"").append(style).append("\" style=\"flex:").append(number).append("\"></i>");
    counts.append("<span class=\"").append(style).append("\">").append(sign).append(" ").append(number).append(" ");
    counts.append(to_string(s)).append("</span>");
  }
  return "<div class=\"bar\">" + bar + "</div><div class=\"counts\"><span class=\"faint\">clauses:</span>" + counts + "</div>";
}

std::string when_of(const report& r) {
  return escaped(r.when.substr(0, 10)) + " " + escaped(r.when.size() > 16 ? r.when.substr(11, 5) : "") + " UTC, " +
         std::to_string(r.cases.size()) + (r.about == party::app ? " checks in " : " cases in ") + std::to_string(r.results()) +
         (r.about == party::app ? " results, " : " runs, ") +
         std::to_string((r.took.count() + 500) / 1000) + " s, version " + escaped(r.version);
}

std::string notes_of(const report& r) {
  std::string notes;
  for (const auto& note : r.notes) notes += "<li>" + escaped(note) + "</li>";
  return notes.empty() ? "" : "<ul class=\"faint\">" + notes + "</ul>";
}

std::string server_card(const report& r) {
  return "<div class=\"server\"><h3>" + escaped(r.label) + "</h3>" + command_of(r) + verdict_of(r) + bar_of(r) + notes_of(r) +
         "<p class=\"faint\"><small>" + when_of(r) + "</small></p></div>\n";
}

std::string tools() {
  std::string legend;
  for (std::size_t i = 0; i < standings; ++i) {
    const auto s = static_cast<standing>(i);
    const auto [style, sign] = mark_of(s);
    const std::string_view means = s == standing::elsewhere ? "not for this suite to see" : to_string(s);
    legend.append("<span class=\"").append(style).append("\">").append(sign).append(" ").append(means).append("</span>");
  }
  return "<div class=\"tools\">" + legend + "<label><input type=\"checkbox\" id=\"attention\"> only what needs attention</label></div>\n";
}

}  // namespace

std::string to_html(const std::vector<report>& reports) {
  const bool apps = !reports.empty() && reports.front().about == party::app;
  const std::string title = apps ? "CSGI app conformance" : "CSGI server conformance";
  std::string html = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                     "<title>" + title + "</title><style>";
  html.append(html_style()).append("</style></head><body>\n<header><h1>" + title + "</h1>");
  html += "<p class=\"faint\">What the specification demands of " + std::string(apps ? "apps" : "servers") +
          ", and what was found.</p></header>\n<div class=\"servers\">\n";
  for (const auto& r : reports) html += server_card(r);
  return html + "</div>\n" + tools() + html_chapters(reports) + "</body></html>\n";
}

}  // namespace csgi::conformance
