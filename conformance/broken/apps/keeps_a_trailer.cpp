// Looks at a trailer of its request when it is done with that.
#include <csgi/app.hpp>
#include <csgi/trailers.hpp>

struct keeps_a_trailer final : csgi::async_app {
  csgi::task<> http(csgi::async_exchange ex) override {
    for (auto chunk = co_await ex.read(); !chunk.empty(); chunk = co_await ex.read()) {
    }
    std::string_view sum;
    auto* const trailers = ex.find<csgi::request_trailers>();
    if (trailers && !trailers->fields().empty()) sum = trailers->fields()[0].value;
    ex.on_finish([sum](const csgi::outcome&) { volatile std::size_t sixes = std::string(sum).find('6'); (void)sixes; });
    co_await ex.respond(200, "text/plain", "summed\n");
  }
};

CSGI_EXPORT_APP(keeps_a_trailer)
