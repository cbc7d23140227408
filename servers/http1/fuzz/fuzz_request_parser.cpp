#include "require.hpp"
#include <csgi/http1/request_parser.hpp>

using csgi::http1::request_parser;
using state = request_parser::state;

namespace {

/// A complete head has one reading: nothing in its fields ends a line.
void check(const request_parser& parser, std::string_view bytes) {
  const csgi::request& head = parser.head();
  require(parser.size() <= bytes.size() && bytes.substr(0, parser.size()).ends_with("\r\n\r\n"));
  for (const csgi::field& f : head.fields) {
    require(!f.name.empty());
    require(f.value.find_first_of(std::string_view("\r\n\0", 3)) == f.value.npos);
  }
  require(parser.chunked() == (head.body == csgi::body_kind::unknown));
  require(!head.path.empty() && !head.method.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  static request_parser whole{{}}, split{{}};
  const auto bytes = bytes_of(data, size);
  whole.reset();
  const state now = whole.parse(bytes);
  if (now == state::complete) check(whole, bytes);

  split.reset();
  state step = state::incomplete;
  for (std::size_t end = 0; end <= size && step == state::incomplete; ++end) step = split.parse(bytes.substr(0, end));
  require(step == now);
  require(split.why().status == whole.why().status);
  if (now == state::complete) require(split.size() == whole.size());
  return 0;
}
