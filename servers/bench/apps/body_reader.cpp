// A plug-in for csgi_attack: a blocking app that reads its body, beside the smallest ones of both kinds.
#include <csgi/app.hpp>
#include <csgi/mount_table.hpp>
#include <hello/hello_async.hpp>
#include <hello/hello_blocking.hpp>

namespace {

class body_reader final : public csgi::blocking_app {
 public:
  void http(csgi::blocking_exchange ex) override {
    std::size_t size = 0;
    for (auto chunk = ex.read(); !chunk.empty(); chunk = ex.read()) size += chunk.size();
    ex.respond(200, "text/plain", std::to_string(size) + '\n');
  }
};

class beside_others final : public csgi::composite_app {
 public:
  beside_others() { table_.mount("/hello-blocking", hello_blocking_).mount("/hello-async", hello_async_); }

  csgi::application choose(const csgi::request& head) noexcept override { return table_.choose(head); }
  std::span<const csgi::application> parts() const noexcept override { return table_.parts(); }

 private:
  hello_blocking hello_blocking_;
  hello_async hello_async_;
  body_reader reader_;
  csgi::mount_table table_{reader_};
};

}  // namespace

CSGI_EXPORT_APP(beside_others)
