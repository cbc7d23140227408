// cpp-httplib as its users use it, with keep-alive for as long as the client likes.
//
//   httplib_peer DIRECTORY
#include <cstdio>
#include <httplib.h>
#include <limits>

int main(int argc, char** argv) {
  if (argc != 2) return std::fprintf(stderr, "httplib_peer: takes DIRECTORY\n"), 2;
  const std::string chunk(64 * 1024, 'x');
  httplib::Server server;
  server.new_task_queue = [] { return new httplib::ThreadPool(64); };     // the library's way: it deletes it
  server.set_keep_alive_max_count(std::numeric_limits<std::size_t>::max());
  server.set_keep_alive_timeout(60);
  server.set_tcp_nodelay(true);
  server.Get("/", [](const httplib::Request&, httplib::Response& answer) { answer.set_content("Hello\n", "text/plain"); });
  server.Post("/echo", [](const httplib::Request& request, httplib::Response& answer) {
    answer.set_content(request.body, "application/octet-stream");
  });
  server.Get("/stream", [&](const httplib::Request&, httplib::Response& answer) {
    answer.set_chunked_content_provider("application/octet-stream", [&, left = 1600](std::size_t, httplib::DataSink& sink) mutable {
      if (left-- > 0) sink.write(chunk.data(), chunk.size());
      else sink.done();
      return true;
    });
  });
  server.set_mount_point("/", argv[1]);
  const int port = server.bind_to_any_port("127.0.0.1");
  if (port <= 0) return std::fprintf(stderr, "httplib_peer: cannot listen\n"), 1;
  std::printf("http://127.0.0.1:%d – cpp-httplib\n", port);
  std::fflush(stdout);
  return server.listen_after_bind() ? 0 : 1;
}
