// parse.cpp - chapters of the specification, read for their clauses; see csgi/conformance/clause.hpp.
#include <algorithm>
#include <charconv>
#include <map>
#include "names.hpp"

namespace csgi::conformance {

namespace {

constexpr std::string_view separator = " · ";
constexpr std::string_view groups[] = {"CORE", "HTTP", "EXT", "WS", "PLUG", "SERVER", "LIFE", "BRIDGE", "TASK"};

/// Takes what comes before `mark` off the front of `text`, and the mark; all of it where there is none.
std::string_view take_until(std::string_view& text, std::string_view mark) {
  const auto at = text.find(mark);
  const auto first = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + mark.size());
  return first;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

struct place {
  std::string file;
  std::size_t line;

  std::string text() const { return file + ':' + std::to_string(line); }
};

/// One bad heading; the reader goes on with the next line.
struct bad_heading {
  std::string why;
};

[[noreturn]] void refuse(std::string why) { throw bad_heading{std::move(why)}; }

template <class Value>
Value demanded(std::optional<Value> value, std::string_view got, const char* wanted) {
  if (!value) refuse('"' + std::string(got) + "\" is not " + wanted);
  return *value;
}

struct numbered {
  std::string_view group;
  unsigned number = 0;
};

numbered split_id(std::string_view id) {
  const auto bad = [&] { refuse('"' + std::string(id) + "\" is not an id such as CSGI-HTTP-012"); };
  std::string_view rest = id;
  numbered of;
  if (take_until(rest, "-") != "CSGI") bad();
  of.group = take_until(rest, "-");
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), of.number);
  if (rest.size() != 3 || error != std::errc{} || end != rest.data() + 3 || of.number == 0) bad();
  if (std::ranges::find(groups, of.group) == std::end(groups)) refuse("there is no group " + std::string(of.group));
  return of;
}

/// "server MUST NOT"
void read_duty(std::string_view duty, clause& into) {
  const auto role = take_until(duty, " ");
  into.role = demanded(party_called(role), role, "a role: server, app, middleware, host or library");
  into.level = demanded(strength_called(duty), duty, "a level: MUST, MUST NOT, SHOULD, SHOULD NOT or MAY");
}

/// "if csgi.file_sender", "planned": each at most once, in this order.
void read_condition(std::string_view part, clause& into) {
  if (part == "planned" && !into.planned) {
    into.planned = true;
  } else if (part.starts_with("if ") && part.find(' ', 3) == std::string_view::npos && part.size() > 3 &&
             into.capability.empty() && !into.planned) {
    into.capability = part.substr(3);
  } else {
    refuse('"' + std::string(part) + "\" is neither \"if CAPABILITY\" nor \"planned\", or not in its place");
  }
}

/// What follows "### ".
clause read_heading(std::string_view heading) {
  clause c;
  c.id = take_until(heading, separator);
  split_id(c.id);
  const auto duty = take_until(heading, separator);
  if (heading.empty()) refuse("a clause's heading is \"ID · ROLE LEVEL · HOW\"");
  read_duty(duty, c);
  const auto how = take_until(heading, separator);
  c.how = demanded(proof_called(how), how, "how it shows: wire, in-process or review");
  while (!heading.empty()) read_condition(take_until(heading, separator), c);
  return c;
}

class reader {
 public:
  parsed_chapters read(std::span<const chapter_source> chapters) {
    for (const auto& chapter : chapters) read_chapter(chapter);
    check_numbers();
    return std::move(found_);
  }

 private:
  void read_chapter(const chapter_source& chapter) {
    here_ = {chapter.file, 0};
    title_ = chapter.file;
    section_.clear();
    in_example_ = false;
    for (std::string_view rest = chapter.text; !rest.empty();) {
      ++here_.line;
      read_line(trimmed(take_until(rest, "\n")));
    }
    end_clause();
  }

  void read_line(std::string_view line) {
    if (line.starts_with("```")) in_example_ = !in_example_;
    if (line.starts_with('#') && !in_example_) return read_any_heading(line);
    if (line.starts_with("> Why:") && !in_example_) return end_clause();
    if (!open_) return;
    if (!line.empty() && !text_.empty()) text_ += paragraph_ended_ ? "\n\n" : "\n";
    text_ += line;
    paragraph_ended_ = line.empty();
  }

  void read_any_heading(std::string_view line) {
    end_clause();
    if (line.starts_with("### CSGI-")) begin_clause(line.substr(4));
    else if (line.substr(std::min(line.find_first_not_of("# "), line.size())).starts_with("CSGI-"))
      fault(here_, "a clause's heading begins with \"### CSGI-\"");
    else if (line.starts_with("# ")) title_ = line.substr(2);
    else if (line.starts_with("## ")) section_ = line.substr(3);
  }

  void begin_clause(std::string_view heading) {
    try {
      clause c = read_heading(heading);
      c.chapter = title_;
      c.section = section_;
      found_.clauses.push_back(std::move(c));
      places_.push_back(here_);
      open_ = true;
    } catch (const bad_heading& bad) {
      fault(here_, bad.why);
    }
  }

  void end_clause() {
    if (!open_) return;
    if (text_.empty()) fault(places_.back(), found_.clauses.back().id + " has no text");
    found_.clauses.back().text = std::move(text_);
    text_.clear();
    paragraph_ended_ = false;
    open_ = false;
  }

  void check_numbers() {
    std::map<std::string_view, std::map<unsigned, place>> seen;
    for (std::size_t i = 0; i < places_.size(); ++i) {
      const std::string& id = found_.clauses[i].id;
      const auto [group, number] = split_id(id);
      const auto [where, fresh] = seen[group].emplace(number, places_[i]);
      if (!fresh) fault(places_[i], id + " is also at " + where->second.text());
    }
    for (const auto& [group, numbers] : seen) check_gaps(group, numbers);
  }

  void check_gaps(std::string_view group, const std::map<unsigned, place>& numbers) {
    unsigned due = 1;
    for (const auto& [number, where] : numbers) {
      if (number != due)
        fault(where, "CSGI-" + std::string(group) + " has " + std::to_string(number) + ", but no " + std::to_string(due));
      due = number + 1;
    }
  }

  void fault(const place& where, const std::string& why) { found_.faults.push_back(where.text() + ": " + why); }

  parsed_chapters found_;
  std::vector<place> places_;     // of each clause
  place here_;

  // the chapter being read
  std::string title_;
  std::string section_;
  bool in_example_ = false;

  // the clause whose text is being read
  bool open_ = false;
  std::string text_;
  bool paragraph_ended_ = false;
};

}  // namespace

parsed_chapters parse(std::span<const chapter_source> chapters) { return reader().read(chapters); }

}  // namespace csgi::conformance
