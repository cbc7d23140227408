#include "require.hpp"
#include <csgi/serving/body_decoder.hpp>
#include <algorithm>
#include <string>

using csgi::body_decoder;
using state = body_decoder::state;

namespace {

struct outcome {
  state now = state::more;
  std::string data;
  std::size_t consumed = 0;
  int status = 0;

  bool operator==(const outcome&) const = default;
};

outcome decode(body_decoder& decoder, std::string_view bytes, std::size_t piece_size) {
  decoder.reset(true, 0, 1000);
  outcome o;
  std::size_t given = 0;
  while (given < bytes.size() && o.now != state::end && o.now != state::rejected) {
    given = std::min(given + piece_size, bytes.size());
    do {
      const body_decoder::step step = decoder.decode(bytes.substr(o.consumed, given - o.consumed));
      o.now = step.now;
      o.data.append(step.data);
      o.consumed += step.consumed;
    } while (o.now == state::data);
  }
  o.status = decoder.why().status;
  if (o.now == state::rejected) o.consumed = 0;
  return o;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  static body_decoder decoder;
  const auto bytes = bytes_of(data, size);
  const outcome whole = decode(decoder, bytes, std::max<std::size_t>(size, 1));
  require(decode(decoder, bytes, 1) == whole && decode(decoder, bytes, 3) == whole);
  return 0;
}
