// Applies the transfer coding that is the server's.
#include <csgi/app.hpp>

struct chunks_itself final : csgi::blocking_app {
  void http(csgi::blocking_exchange ex) override {
    ex.start(200);
    ex.write("5\r\nhello\r\n");
    ex.finish("0\r\n\r\n");
  }
};

CSGI_EXPORT_APP(chunks_itself)
