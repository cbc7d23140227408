// A plug-in for csgi_bench: large bodies, by plain functions.
#include "bodies.hpp"

namespace {

void echo(csgi::blocking_exchange ex) {
  start_echo(ex);
  for (auto chunk = ex.read(); !chunk.empty(); chunk = ex.read()) ex.write(chunk);
  ex.finish();
}

void stream(csgi::blocking_exchange ex) {
  start_stream(ex);
  for (int i = 0; i < stream_chunks; ++i) ex.write(stream_chunk);
  ex.finish();
}

class bodies final : public csgi::blocking_app {
 public:
  explicit bodies(csgi::arguments given) : file_(given) {}

  void http(csgi::blocking_exchange ex) override {
    if (ex.head().path == "/echo") return echo(ex);
    if (ex.head().path != "/file") return stream(ex);
    start_file(ex, file_);
    ex.send_file(file_.descriptor(), 0, file_.size(), csgi::ending::finish);
  }

 private:
  served_file file_;
};

}  // namespace

CSGI_EXPORT_APP(bodies)
