// Boost.Beast as its own example of an asynchronous server uses it: callbacks, one thread, a time limit for each request.
//
//   beast_peer FILE
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/version.hpp>
#include <boost/beast/websocket.hpp>
#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using asio::ip::tcp;

namespace {

// Sends each message back.
class conversation : public std::enable_shared_from_this<conversation> {
 public:
  explicit conversation(beast::tcp_stream stream) : stream_(std::move(stream)) {}

  void accept(const http::request<http::string_body>& request) {
    beast::get_lowest_layer(stream_).expires_never();     // it has timeouts of its own
    stream_.set_option(websocket::stream_base::timeout::suggested(beast::role_type::server));
    stream_.binary(true);
    stream_.auto_fragment(false);     // the client counts bytes of whole messages in one frame
    stream_.async_accept(request, [self = shared_from_this()](beast::error_code error) {
      if (!error) self->read();
    });
  }

 private:
  void read() { stream_.async_read(buffer_, beast::bind_front_handler(&conversation::on_read, shared_from_this())); }

  void on_read(beast::error_code error, std::size_t) {
    if (!error) stream_.async_write(buffer_.data(), beast::bind_front_handler(&conversation::on_write, shared_from_this()));
  }

  void on_write(beast::error_code error, std::size_t) {
    buffer_.consume(buffer_.size());
    if (!error) read();
  }

  websocket::stream<beast::tcp_stream> stream_;
  beast::flat_buffer buffer_;
};

class session : public std::enable_shared_from_this<session> {
 public:
  session(tcp::socket socket, const char* file) : stream_(std::move(socket)), file_(file) {}

  void read() {
    parser_.emplace();
    parser_->body_limit(16 * 1024 * 1024);
    stream_.expires_after(std::chrono::seconds(30));
    http::async_read(stream_, buffer_, *parser_, beast::bind_front_handler(&session::on_read, shared_from_this()));
  }

 private:
  void on_read(beast::error_code error, std::size_t) {
    if (error) return;
    const auto& request = parser_->get();
    if (websocket::is_upgrade(request)) return std::make_shared<conversation>(std::move(stream_))->accept(request);
    if (request.method() == http::verb::post) return send(answer<http::string_body>(request.body()));
    if (request.target() == "/file") return send_file();
    if (request.target() == "/stream") return begin_stream();
    auto hello = answer<http::string_body>("Hello\n");
    hello.set(http::field::content_type, "text/plain");
    send(std::move(hello));
  }

  template <class Body>
  http::response<Body> answer(typename Body::value_type body) {
    const auto& request = parser_->get();
    http::response<Body> made(http::status::ok, request.version());
    made.set(http::field::server, BOOST_BEAST_VERSION_STRING);
    made.set(http::field::content_type, "application/octet-stream");
    made.keep_alive(request.keep_alive());
    made.body() = std::move(body);
    made.prepare_payload();
    return made;
  }

  void send(http::message_generator answer) {
    const bool keep_alive = answer.keep_alive();
    beast::async_write(stream_, std::move(answer), beast::bind_front_handler(&session::on_write, shared_from_this(), keep_alive));
  }

  void send_file() {
    beast::error_code error;
    http::file_body::value_type body;
    body.open(file_, beast::file_mode::scan, error);
    if (!error) send(answer<http::file_body>(std::move(body)));
  }

  void begin_stream() {
    head_.emplace(http::status::ok, 11);
    head_->set(http::field::content_type, "application/octet-stream");
    head_->chunked(true);
    serializer_.emplace(*head_);
    left_ = 1600;
    http::async_write_header(stream_, *serializer_, beast::bind_front_handler(&session::on_streamed, shared_from_this()));
  }

  void on_streamed(beast::error_code error, std::size_t) {
    if (error) return;
    stream_.expires_after(std::chrono::seconds(30));
    if (left_-- > 0)
      return asio::async_write(stream_, http::make_chunk(asio::buffer(chunk_)),
                               beast::bind_front_handler(&session::on_streamed, shared_from_this()));
    asio::async_write(stream_, http::make_chunk_last(), beast::bind_front_handler(&session::on_write, shared_from_this(), true));
  }

  void on_write(bool keep_alive, beast::error_code error, std::size_t) {
    if (!error && keep_alive) read();
  }

  inline static const std::string chunk_ = std::string(64 * 1024, 'x');
  beast::tcp_stream stream_;
  const char* const file_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  std::optional<http::response<http::empty_body>> head_;
  std::optional<http::response_serializer<http::empty_body>> serializer_;
  int left_ = 0;
};

void accept(tcp::acceptor& from, const char* file) {
  from.async_accept([&from, file](beast::error_code error, tcp::socket socket) {
    if (!error) {
      socket.set_option(tcp::no_delay(true));
      std::make_shared<session>(std::move(socket), file)->read();
    }
    accept(from, file);
  });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return std::fprintf(stderr, "beast_peer: takes FILE\n"), 2;
  asio::io_context context(1);
  tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
  std::printf("http://127.0.0.1:%u – Boost.Beast\n", acceptor.local_endpoint().port());
  std::fflush(stdout);
  accept(acceptor, argv[1]);
  context.run();
}
