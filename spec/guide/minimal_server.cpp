// minimal_server.cpp - a CSGI server on Boost.Beast, to start one of your own from: your-own-server.md explains it.
#include <boost/asio.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/url/src.hpp>
#include <csgi/plugin_library.hpp>
#include <csgi/serving/date_cache.hpp>
#include <csgi/serving/response_framer.hpp>
#include <csgi/stop_on_signal.hpp>
#include <csgi/work_queue.hpp>
#include <future>
#include <list>
#include <poll.h>
#include <thread>

namespace http = boost::beast::http;
using boost::asio::buffer, boost::asio::ip::tcp, std::errc, std::string_view;
using csgi::begun, csgi::body_kind, csgi::extension_id, csgi::operation, csgi::phase;
constexpr std::chrono::milliseconds tick{20};  // so often every wait looks whether the server stops

struct connection {
  tcp::socket socket;
  const csgi::server_limits& limits;
  const std::atomic<int>& stops;  // 1: no request begins any more; 2: those that run are to end
  boost::beast::flat_buffer in{64 * 1024};
  std::future<void> served{};
  bool runs() const { return served.valid() && served.wait_for(tick * 0) != std::future_status::ready; }
  bool has(short events, std::chrono::milliseconds patience) {
    pollfd watched{socket.native_handle(), events, 0};
    return ::poll(&watched, 1, static_cast<int>(patience.count())) > 0;
  }
};

class exchange final : public csgi::exchange, csgi::executor, csgi::finish_hooks {
  connection& client_;
  http::request_parser<http::buffer_body> parser_;
  csgi::request head_;
  std::string path_;
  std::vector<csgi::field> fields_;
  char block_[16 * 1024];            // what was read last
  boost::beast::error_code failed_;  // how reading ended
  csgi::response_framer framer_;
  csgi::outcome how_;
  csgi::finish_hook* hooks_ = nullptr;
  csgi::work_queue posted_;
  const std::thread::id thread_ = std::this_thread::get_id();
 public:
  explicit exchange(connection& client) : client_(client) {}
  bool serve(const csgi::application& app) {  // one request, if one comes; then whether another may follow
    auto status = http::status::internal_server_error;
    try {
      if (!receive_head()) return false;
      const auto chosen = app.resolve(head_);
      if (chosen.kind() == csgi::app_kind::async) throw std::invalid_argument("this server runs no async apps");
      chosen.blocking().http(csgi::blocking_exchange(*this));
    }
    catch (http::status refused) { status = refused; }
    catch (...) { std::fputs("the app failed\n", stderr); }
    if (failed_ && status == http::status::internal_server_error) status = http::status::bad_request;
    if (status != http::status::internal_server_error) framer_.close_after();
    operation last;
    perform(last, [&] {
      if (framer_.phase() >= phase::committed) return;
      csgi::blocking_exchange(*this).respond(static_cast<int>(status), "text/plain", http::obsolete_reason(status));
    });
    if (framer_.phase() != phase::finished && !how_.aborted) how_.aborted = make_error_code(errc::io_error);
    how_.status = framer_.status();
    while (auto* hook = std::exchange(hooks_, hooks_ ? hooks_->next : nullptr)) hook->run(*hook, how_);
    const linger reset{1, 0};  // nobody takes it for the end of a body
    if (how_.aborted) ::setsockopt(client_.socket.native_handle(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    return !how_.aborted && framer_.keep_alive();
  }
  static void require(bool good, int status) { if (!good) throw http::status(status); }
  bool receive_head() {
    while (client_.in.size() == 0 && !client_.has(POLLIN, tick))
      if (client_.stops > 0) return false;
    parser_.body_limit(client_.limits.request_body);
    http::read_header(client_.socket, client_.in, parser_, failed_);
    if (failed_ == http::error::end_of_stream || failed_ == http::error::partial_message) return false;
    using enum http::field;
    const auto& got = parser_.get();
    const bool old = got.version() == 10, chunked = parser_.chunked(), coded = got.count(transfer_encoding) > 0;
    const auto spoken = old ? csgi::http_version::http_1_0 : csgi::http_version::http_1_1;
    framer_.reset({spoken, got.method() == http::verb::head, !failed_ && parser_.keep_alive()}, "");
    require(!failed_, failed_ == http::error::header_limit ? 431 : failed_ == http::error::body_limit ? 413 : 400);
    const auto url = boost::urls::parse_origin_form(got.target());
    require(got.method() != http::verb::connect, 501);
    require(url && boost::urls::parse_authority(got[host]) && got[host].find_first_of("@,") == string_view::npos, 400);
    require(got.count(host) <= 1 && (old ? !coded : !got[host].empty()), 400);
    require(csgi::same_name(got[transfer_encoding], "chunked") == coded && got.count(content_length) <= 1, 400);
    for (const auto& field : got) fields_.push_back({field.name_string(), field.value()});
    path_ = url->encoded_path().decode();
    head_ = {got.method_string(), got.target(), url->encoded_path(), path_, "", url->encoded_query(), url->has_query(),
             spoken, chunked ? body_kind::unknown : parser_.content_length() ? body_kind::known : body_kind::none,
             parser_.content_length().value_or(0), "http", got[host], fields_, {}, {}};
    return true;
  }

  const csgi::request& head() const noexcept override { return head_; }
  csgi::executor& executor() noexcept override { return *this; }
  bool connected() noexcept override { return !client_.has(POLLRDHUP, {}); }
  std::pmr::memory_resource& memory() noexcept override { return *std::pmr::new_delete_resource(); }
  csgi::phase phase() const noexcept override { return framer_.phase(); }
  std::error_code start(const csgi::response_head& head) noexcept override { return framer_.start(head); }
  begun begin_read(csgi::read_op& op) noexcept override {
    return perform(op, [&] {
      if (framer_.phase() >= phase::finished) throw errc::operation_not_permitted;
      auto& body = parser_.get().body() = {block_, sizeof block_, true};
      while (body.size == sizeof block_ && !parser_.is_done() && !failed_)
        http::read_some(client_.socket, client_.in, parser_, failed_);
      if (failed_ == http::error::need_buffer) failed_ = {};
      op.chunk = {block_, sizeof block_ - body.size};
      if (failed_ == boost::asio::error::connection_reset) throw boost::system::system_error(failed_);
      if (failed_) throw failed_ == http::error::body_limit ? errc::message_size : errc::bad_message;
    });
  }
  begun begin_write(csgi::write_op& op) noexcept override {
    return perform(op, [&] {
      std::string before;
      csgi::response_framer::frame around;
      if (client_.stops > 0 || (op.then == csgi::ending::finish && !parser_.is_done())) framer_.close_after();
      op.error = framer_.write(op.data.size(), op.then, csgi::date_cache().now(), before, around);
      if (op.error) return;
      const string_view body = around.send_body ? op.data : "";
      how_.body_bytes += body.size();
      write(client_.socket, std::array{buffer(string_view(before)), buffer(body), buffer(around.suffix)});
    });
  }
  begun begin_gone(operation& op) noexcept override { return perform(op, [] { throw errc::operation_not_supported; }); }
  void abort(errc reason) noexcept override {
    if (framer_.phase() < phase::finished) how_.aborted = make_error_code(reason);
    framer_.abort();
  }
  void* find(const extension_id& x) noexcept override { return x == id ? static_cast<finish_hooks*>(this) : nullptr; }
  void add(csgi::finish_hook& hook) noexcept override { hook.next = std::exchange(hooks_, &hook); }
  bool here() const noexcept override { return std::this_thread::get_id() == thread_; }
  void post(csgi::work& work) noexcept override { posted_.push(work); }
  begun begin_wait(csgi::timer_op& op) noexcept override {
    return perform(op, [&] {
      while (csgi::clock::now() < op.at && client_.stops < 2)
        std::this_thread::sleep_until(std::min(op.at, csgi::clock::now() + tick));
    });
  }
  begun perform(operation& op, const auto& work) noexcept {
    posted_.run_all();
    op.error = {};
    try { work(); }
    catch (errc why) { op.error = make_error_code(why); }
    catch (const boost::system::system_error&) { how_.aborted = make_error_code(errc::connection_reset); }
    catch (const std::exception&) { op.error = make_error_code(errc::not_enough_memory); }
    if (how_.aborted) framer_.abort();
    if (how_.aborted == errc::connection_reset) op.error = how_.aborted;
    if (client_.stops > 1) op.error = make_error_code(errc::operation_canceled);
    return begun::completed;
  }
};

class minimal_server final : public csgi::server {
  const csgi::server_options options_;
  boost::asio::io_context context_;
  tcp::acceptor acceptor_;
  const std::uint16_t port_ = acceptor_.local_endpoint().port();
  std::atomic<int> stops_ = 0;
  std::list<connection> connections_;
 public:
  explicit minimal_server(const csgi::server_options& options)
      : options_(options), acceptor_(context_, {boost::asio::ip::make_address(options.host), options.port}) {}
  std::uint16_t port() const noexcept override { return port_; }
  void stop() noexcept override { ++stops_; }
  void run(csgi::application app) override {
    if (app.kind() == csgi::app_kind::async) throw std::invalid_argument("this server runs no async apps");
    acceptor_.non_blocking(true);
    while (stops_ == 0) try {
      connections_.remove_if([](const connection& c) { return !c.runs(); });
      auto& client = connections_.emplace_back(connection{acceptor_.accept(), options_.limits, stops_});
      client.served = std::async(std::launch::async, [&client, app] { while (exchange(client).serve(app)) continue; });
    }
    catch (const std::exception&) { std::this_thread::sleep_for(tick); }  // nobody came, or no thread is left for it
    acceptor_.close();
    for (const auto end = csgi::clock::now() + options_.deadlines.grace; stops_ < 2 && csgi::clock::now() < end;)
      if (std::ranges::any_of(connections_, &connection::runs)) std::this_thread::sleep_for(tick); else break;
    for (stops_ = 2; auto& client : connections_) ::shutdown(client.socket.native_handle(), SHUT_RDWR);
    connections_.clear();  // waits for each
  }
};

int main(int count, char** words) try {
  if (count < 3) throw std::invalid_argument("usage: minimal_server PLUGIN.so PORT [ARGUMENTS…]");
  const auto app = csgi::plugin_library(words[1]).make_app(std::vector<string_view>(words + 3, words + count));
  csgi::server_options options;
  options.port = static_cast<std::uint16_t>(std::stoi(words[2]));
  minimal_server server(options);
  const csgi::stop_on_signal stops(server);
  std::fprintf(stderr, "http://127.0.0.1:%d\n", server.port());
  server.run(app.get());
} catch (const std::exception& failure) {
  std::fprintf(stderr, "minimal_server: %s\n", failure.what());
  return 1;
}
