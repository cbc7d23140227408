// A plug-in for csgi_bench: large bodies, by coroutines.
#include "bodies.hpp"

namespace {

csgi::task<> echo(csgi::async_exchange ex) {
  start_echo(ex);
  for (auto chunk = co_await ex.read(); !chunk.empty(); chunk = co_await ex.read()) co_await ex.write(chunk);
  co_await ex.finish();
}

csgi::task<> send_file(csgi::async_exchange ex, const served_file& file) {
  start_file(ex, file);
  co_await ex.send_file(file.descriptor(), 0, file.size(), csgi::ending::finish);
}

csgi::task<> stream(csgi::async_exchange ex) {
  start_stream(ex);
  for (int i = 0; i < stream_chunks; ++i) co_await ex.write(stream_chunk);
  co_await ex.finish();
}

class bodies final : public csgi::async_app {
 public:
  explicit bodies(csgi::arguments given) : file_(given) {}

  csgi::task<> http(csgi::async_exchange ex) override {
    if (ex.head().path == "/echo") return echo(ex);
    return ex.head().path == "/file" ? send_file(ex, file_) : stream(ex);
  }

 private:
  served_file file_;
};

}  // namespace

CSGI_EXPORT_APP(bodies)
