// csgi/conformance/clause.hpp - one duty of the specification, and the registry of them all.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace csgi::conformance {

/// Whose duty it is.
enum class party : unsigned char { server, app, middleware, host, library };

/// How strictly, in the words of RFC 2119.
enum class strength : unsigned char { must, must_not, should, should_not, may };

/// Where it shows whether the duty is done.
enum class proof : unsigned char {
  wire,         ///< in what a server sends, and in what the probe app sees: cases of the server suite
  in_process,   ///< in calls between server and app
  review,       ///< only to a reader of the code
};

std::string_view to_string(party p) noexcept;       ///< "server"
std::string_view to_string(strength s) noexcept;    ///< "MUST NOT"
std::string_view to_string(proof p) noexcept;       ///< "in-process"

struct clause {
  std::string id;             ///< "CSGI-HTTP-012"
  party role{};
  strength level{};
  proof how{};
  std::string capability;     ///< what has to be offered for the clause to hold; "" for always
  bool planned = false;       ///< not built yet: nothing is judged by it
  std::string text;           ///< as in the chapter, paragraphs parted by an empty line
  std::string chapter;        ///< its title
  std::string section;        ///< the heading above the clause within the chapter; may be ""

  /// Whether not doing it is a failure, not a mere warning.
  bool binding() const noexcept { return level == strength::must || level == strength::must_not; }

  /// Whether the server suite has to have a case for it.
  bool wants_case() const noexcept { return role == party::server && how == proof::wire && !planned; }
};

/// Every clause of the specification that this library was built with, in the order of the text.
const std::vector<clause>& all_clauses();

/// The clause of that id, or null.
const clause* find_clause(std::string_view id) noexcept;

/// A file of the specification.
struct chapter_source {
  std::string file;           ///< its name, for errors
  std::string text;
};

struct parsed_chapters {
  std::vector<clause> clauses;
  std::vector<std::string> faults;    ///< "spec/http.md:12: what is wrong", by file and line
};

/// Reads the clauses of chapters that belong together. A clause begins with a heading of the third level,
///
///     ### CSGI-HTTP-012 · server MUST · wire · if csgi.file_sender · planned
///
/// the last two parts optional; its text follows, up to the next heading or a quote that begins with "Why:". Each group
/// (HTTP) numbers its clauses 001, 002 and so on, in any order, but without gap or repetition.
parsed_chapters parse(std::span<const chapter_source> chapters);

}  // namespace csgi::conformance
