// Turns the chapters of the specification into the C++ file that defines all_clauses(), when everything is built.
#include <algorithm>
#include <csgi/conformance/clause.hpp>
#include <fstream>
#include <iostream>
#include <sstream>

namespace {

using namespace csgi::conformance;

chapter_source read(const std::string& directory, const std::string& file) {
  std::ifstream in(directory + '/' + file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) throw std::runtime_error("cannot read " + directory + '/' + file);
  return {file, std::move(text).str()};
}

std::string literal(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (c == '\n') quoted += "\\n";
    else quoted += c;
  }
  return quoted + '"';
}

/// "MUST NOT" is must_not, "in-process" in_process.
std::string enumerator(std::string_view name) {
  std::string spelled(name);
  std::ranges::transform(spelled, spelled.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c == ' ' || c == '-' ? '_' : c;
  });
  return spelled;
}

void write_row(std::ostream& out, const clause& c) {
  out << "    {" << literal(c.id) << ", party::" << enumerator(to_string(c.role)) << ", strength::"
      << enumerator(to_string(c.level)) << ", proof::" << enumerator(to_string(c.how)) << ", " << literal(c.capability)
      << ", " << (c.planned ? "true" : "false") << ",\n     " << literal(c.text) << ",\n     " << literal(c.chapter)
      << ", " << literal(c.section) << "},\n";
}

/// Rows of literals, turned into clauses at the first use: a table of std::string takes minutes to compile.
void write_table(std::ostream& out, const std::vector<clause>& clauses) {
  out << "// Made of the chapters of the specification.\n"
         "#include <csgi/conformance/clause.hpp>\n\n"
         "namespace csgi::conformance {\n\nnamespace {\n\n"
         "struct row {\n  const char* id;\n  party role;\n  strength level;\n  proof how;\n  const char* capability;\n"
         "  bool planned;\n  const char* text;\n  const char* chapter;\n  const char* section;\n};\n\n"
         "constexpr row rows[] = {\n";
  for (const auto& c : clauses) write_row(out, c);
  out << "};\n\n}  // namespace\n\n"
         "const std::vector<clause>& all_clauses() {\n"
         "  static const std::vector<clause> all = [] {\n"
         "    std::vector<clause> made;\n"
         "    for (const auto& r : rows)\n"
         "      made.push_back({r.id, r.role, r.level, r.how, r.capability, r.planned, r.text, r.chapter, r.section});\n"
         "    return made;\n"
         "  }();\n"
         "  return all;\n}\n\n}  // namespace csgi::conformance\n";
}

int make(const std::string& out_file, const std::string& directory, std::span<char*> files) {
  std::vector<chapter_source> chapters;
  for (const char* file : files) chapters.push_back(read(directory, file));
  const parsed_chapters parsed = parse(chapters);
  for (const auto& fault : parsed.faults) std::cerr << directory << '/' << fault << '\n';
  if (!parsed.faults.empty()) return 1;
  std::ofstream out(out_file, std::ios::binary);
  write_table(out, parsed.clauses);
  out.close();
  if (!out) throw std::runtime_error("cannot write " + out_file);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::cerr << "csgi_make_clauses OUT.cpp DIRECTORY CHAPTER.md…\n";
    return 2;
  }
  try {
    return make(argv[1], argv[2], std::span(argv + 3, argv + argc));
  } catch (const std::exception& error) {
    std::cerr << "csgi_make_clauses: " << error.what() << '\n';
    return 1;
  }
}
