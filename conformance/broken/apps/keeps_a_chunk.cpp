// Looks at a chunk when the next one was read.
#include <csgi/app.hpp>
#include <vector>

struct keeps_a_chunk final : csgi::blocking_app {
  void http(csgi::blocking_exchange ex) override {
    std::vector<std::string_view> chunks;
    for (auto chunk = ex.read(); !chunk.empty(); chunk = ex.read()) chunks.push_back(chunk);
    std::string body;
    for (const auto chunk : chunks) body += chunk;
    ex.respond(200, "text/plain", body);
  }
};

CSGI_EXPORT_APP(keeps_a_chunk)
