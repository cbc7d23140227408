#include <csgi/multipart.hpp>
#include <cstdlib>

using csgi::multipart_parser;
using step = multipart_parser::step;

namespace {

/// What is in the bytes, given in pieces of that size.
std::string events(std::string_view bytes, std::size_t piece) {
  csgi::multipart_limits limits;
  limits.parts = 5;
  limits.part_head = 200;
  multipart_parser parser("B", limits);
  std::string seen;
  for (;;) {
    switch (parser.next()) {
      case step::more:
        if (bytes.empty()) parser.end_input();
        parser.feed(bytes.substr(0, piece));
        bytes.remove_prefix(std::min(piece, bytes.size()));
        break;
      case step::part: seen += "<" + parser.part().name + "|" + parser.part().filename.value_or("") + "|" + parser.part().content_type + ">"; break;
      case step::data:
        if (parser.data().empty()) std::abort();
        seen += parser.data();
        break;
      case step::part_end: seen += "</>"; break;
      case step::end: return seen + "end";
      case step::malformed: return seen + "malformed";
      case step::too_large: return seen + "too large";
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto whole = events(bytes, size + 1);
  if (events(bytes, 1) != whole || events(bytes, 3) != whole) std::abort();
  return 0;
}
