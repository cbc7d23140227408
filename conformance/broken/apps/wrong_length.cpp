// Declares another length than it writes, where the path has what it takes for two bytes each.
#include <csgi/app.hpp>

struct wrong_length final : csgi::blocking_app {
  void http(csgi::blocking_exchange ex) override {
    std::string name;
    for (const char c : ex.head().path) name += static_cast<unsigned char>(c) < 0x80 ? std::string(1, c) : std::string("?");
    ex.start(200, {{"content-type", "text/plain"}, {"content-length", std::to_string(name.size())}});
    ex.finish(ex.head().path.size() > 1 && ex.head().path[1] == '\xff' ? name + "!" : name);
  }
};

CSGI_EXPORT_APP(wrong_length)
