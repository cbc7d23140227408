// html_clauses.cpp - see html_clauses.hpp.
#include "html_clauses.hpp"
#include <algorithm>
#include "failures.hpp"
#include "markup.hpp"

namespace csgi::conformance {

namespace {

/// Text of the specification: paragraphs, and `code`.
std::string prose(std::string_view text) {
  std::string html = "<p>";
  bool in_code = false;
  while (!text.empty()) {
    const auto at = std::min(std::min(text.find('`'), text.find("\n\n")), text.size());
    html += escaped(text.substr(0, at));
    text.remove_prefix(at);
    if (text.starts_with('`')) {
      html += in_code ? "</code>" : "<code>";
      in_code = !in_code;
      text.remove_prefix(1);
    } else if (!text.empty()) {
      html += "</p><p>";
      text.remove_prefix(2);
    }
  }
  return html + (in_code ? "</code></p>" : "</p>");
}

bool about(const judged_case& c, const clause& what) noexcept {
  return std::ranges::find(c.clauses, what.id) != c.clauses.end();
}

/// A clause nobody has to look at.
bool calm(standing s) noexcept { return s != standing::failed && s != standing::warned && s != standing::no_case; }

std::string cell(const clause& c, standing s) {
  const auto [style, sign] = mark_of(s);
  const std::string_view word = s == standing::elsewhere ? to_string(c.how) : to_string(s);
  std::string html = "<td class=\"cell ";
  html.append(style).append("\" title=\"").append(word).append("\"><b>").append(sign).append("</b><span class=\"word\">");
  return html.append(word).append("</span></td>");
}

std::string bytes(std::string_view transcript) {
  std::string html = "<pre>";
  while (!transcript.empty()) {
    const auto end = std::min(transcript.find('\n'), transcript.size());
    const auto line = transcript.substr(0, end);
    html += line.starts_with('>') ? "<span class=\"sent\">" : "<span>";
    html += escaped(line) + "</span>";
    transcript.remove_prefix(std::min(end + 1, transcript.size()));
  }
  return html + "</pre>";
}

std::string failed_case(const judged_case& c, const report& r, bool tell_server) {
  std::string html = "<details class=\"failure ";
  html += c.binding() ? "failed" : "warned";
  html += "\"><summary>" + (tell_server ? "<b>" + escaped(r.label) + "</b>: " : "") + escaped(c.name) + "</summary>";
  for (const auto& f : failures_of(c)) {
    html += "<p class=\"reason\">" + escaped(f.reason) + "</p><p class=\"forms\">" + escaped(f.forms) + "</p>";
    if (!f.transcript.empty()) html += bytes(f.transcript);
  }
  return html + "</details>";
}

std::string failures(const clause& c, const std::vector<report>& reports) {
  std::string html;
  for (const auto& r : reports)
    for (const auto& each : r.cases)
      if (each.failed() && about(each, c)) html += failed_case(each, r, reports.size() > 1);
  return html;
}

std::string case_names(const clause& c) {
  const auto all = names_of_cases(c, c.role);
  const auto count = all.size();
  if (count == 0) return "";
  std::string names;
  for (const auto& name : all) names += "<li>" + escaped(name) + "</li>";
  return "<details class=\"cases\"><summary>" + std::to_string(count) + (count == 1 ? " case" : " cases") + "</summary><ul>" +
         names + "</ul></details>";
}

std::string clause_row(const clause& c, const std::vector<standing>& found, const std::vector<report>& reports) {
  const std::string extra = std::ranges::all_of(found, calm) ? " class=\"calm\"" : "";
  std::string html = "<tr id=\"" + c.id + "\"" + extra + "><td class=\"id\"><a href=\"#" + c.id + "\">" + c.id +
                     "</a><span class=\"level\">" + std::string(to_string(c.level)) + "</span></td><td>" + prose(c.text);
  html += "<div class=\"notes\">" + case_names(c);
  if (!c.capability.empty()) html += "<span class=\"chip\">if " + escaped(c.capability) + "</span>";
  html += "</div></td>";
  for (const standing s : found) html += cell(c, s);
  html += "</tr>\n";
  if (const std::string details = failures(c, reports); !details.empty())
    html += "<tr class=\"failures\"><td></td><td colspan=\"" + std::to_string(reports.size() + 1) + "\">" + details + "</td></tr>\n";
  return html;
}

/// One chapter while its clauses are added.
class chapter_table {
 public:
  chapter_table(std::string title, const std::vector<report>& reports) : title_(std::move(title)), reports_(reports) {}

  const std::string& title() const noexcept { return title_; }

  void add(const clause& c) {
    std::vector<standing> found;
    for (const auto& r : reports_) found.push_back(standing_of(c, r));
    if (c.section != section_) end_section();
    section_ = c.section;
    section_calm_ = section_calm_ && std::ranges::all_of(found, calm);
    section_rows_ += clause_row(c, found, reports_);
  }

  std::string html() {
    end_section();
    if (rows_.empty()) return "";
    std::string head = "<th>Clause</th><th>What it demands</th>";
    std::string columns = "<col class=\"id\"><col>";
    for (const auto& r : reports_) {
      head += "<th class=\"subject\">" + escaped(r.label) + "</th>";
      columns += "<col class=\"subject\">";
    }
    return std::string("<section") + (calm_ ? " class=\"calm\"" : "") + "><h2>" + escaped(title_) + "</h2>\n<div class=\"grid\"><table><colgroup>" +
           columns + "</colgroup><thead><tr>" + head + "</tr></thead><tbody>\n" + rows_ + "</tbody></table></div></section>\n";
  }

 private:
  void end_section() {
    if (section_rows_.empty()) return;
    if (!section_.empty())
      rows_ += std::string("<tr") + (section_calm_ ? " class=\"calm\"" : "") + "><th class=\"section\" colspan=\"" +
               std::to_string(reports_.size() + 2) + "\">" + escaped(section_) + "</th></tr>\n";
    rows_ += section_rows_;
    calm_ = calm_ && section_calm_;
    section_rows_.clear();
    section_calm_ = true;
  }

  std::string title_;
  const std::vector<report>& reports_;
  std::string rows_;
  bool calm_ = true;
  std::string section_;
  std::string section_rows_;
  bool section_calm_ = true;
};

}  // namespace

mark mark_of(standing s) noexcept {
  constexpr mark marks[] = {{"passed", "✓"},   {"failed", "✗"},  {"warned", "!"},    {"not-applicable", "–"},
                            {"not-run", "·"}, {"no-case", "?"}, {"elsewhere", "○"}, {"planned", "◇"}};
  return marks[static_cast<unsigned char>(s)];
}

std::string html_chapters(const std::vector<report>& reports) {
  std::vector<chapter_table> chapters;
  for (const auto& c : all_clauses()) {
    if (std::ranges::none_of(reports, [&](const report& r) { return concerns(c, r.about); })) continue;
    if (chapters.empty() || c.chapter != chapters.back().title()) chapters.emplace_back(c.chapter, reports);
    chapters.back().add(c);
  }
  std::string html;
  for (auto& each : chapters) html += each.html();
  return html;
}

}  // namespace csgi::conformance
