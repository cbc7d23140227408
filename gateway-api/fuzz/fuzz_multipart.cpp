// Forms of any bytes: however they are split, the same is in them; no part holds its delimiter; and what was put in comes out.
#include "require.hpp"
#include <csgi/multipart.hpp>
#include <vector>

using csgi::multipart_parser;
using step = multipart_parser::step;

namespace {

csgi::multipart_limits narrow() {
  csgi::multipart_limits limits;
  limits.parts = 5;
  limits.part_head = 200;
  return limits;
}

struct found_part {
  std::string name, filename, content_type, content;
  bool whole = false;

  bool operator==(const found_part&) const = default;
};

struct found_form {
  std::vector<found_part> parts;
  step end = step::more;

  bool operator==(const found_form&) const = default;
};

/// What is in the bytes, given in pieces of that size.
found_form read(std::string_view boundary, std::string_view bytes, std::size_t piece) {
  multipart_parser parser(boundary, narrow());
  found_form found;
  for (;;) {
    const auto now = parser.next();
    switch (now) {
      case step::more:
        if (bytes.empty()) parser.end_input();
        parser.feed(bytes.substr(0, piece));
        bytes.remove_prefix(std::min(piece, bytes.size()));
        break;
      case step::part:
        require(found.parts.empty() || found.parts.back().whole);
        found.parts.push_back({parser.part().name, parser.part().filename.value_or("none"), parser.part().content_type, {}});
        break;
      case step::data:
        require(!parser.data().empty() && !found.parts.empty() && !found.parts.back().whole);
        found.parts.back().content += parser.data();
        break;
      case step::part_end: found.parts.back().whole = true; break;
      case step::end:
      case step::malformed:
      case step::too_large:
        require(parser.next() == now);
        found.end = now;
        return found;
    }
  }
}

void check(std::string_view boundary, std::string_view bytes) {
  const auto whole = read(boundary, bytes, bytes.size() + 1);
  require(read(boundary, bytes, 1) == whole && read(boundary, bytes, 3) == whole);
  require(whole.parts.size() <= narrow().parts);
  const std::string delimiter = "\r\n--" + std::string(boundary);
  std::size_t size = 0;
  for (const auto& part : whole.parts) {
    size += part.content.size();
    require(part.content.find(delimiter) == part.content.npos && part.content_type.find_first_of("\r\n") == std::string::npos);
    require((part.name + part.filename).find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
    require(bytes.find(part.content) != bytes.npos);
  }
  require(size <= bytes.size());
  if (whole.end == step::end) require(whole.parts.empty() || whole.parts.back().whole);
}

/// A form with a part for each line of the bytes.
void check_both_ways(std::string_view bytes) {
  std::string form;
  std::vector<found_part> put;
  while (!bytes.empty() && put.size() < narrow().parts) {
    const auto line = bytes.substr(0, bytes.find('\n'));
    bytes.remove_prefix(std::min(line.size() + 1, bytes.size()));
    if (line.starts_with("--B")) continue;      // a delimiter, behind the head's end
    const auto name = "n" + std::to_string(put.size());
    form.append("--B\r\nContent-Disposition: form-data; name=\"").append(name).append("\"\r\n\r\n").append(line).append("\r\n");
    put.push_back({name, "none", {}, std::string(line), true});
  }
  const found_form expected{put, step::end};
  require(put.empty() || read("B", form + "--B--", 5) == expected);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto bytes = bytes_of(data, size);
  check("B", bytes);
  check_both_ways(bytes);
  const auto type = bytes.substr(0, bytes.find('\n'));      // the first line may be a Content-Type
  if (const auto boundary = multipart_parser::boundary_of(type)) {
    require(!boundary->empty() && boundary->size() <= 70);
    check(*boundary, bytes);
  }
  return 0;
}
