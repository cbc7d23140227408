// csgi/asio_context.hpp - opt-in, and outside of csgi::api's rule: the Boost.Asio io_context that an app's own I/O runs on.
#pragma once
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/version.hpp>
#include <csgi/exchange_handle.hpp>
#include <thread>

#define CSGI_ASIO_TEXT(number) #number
#define CSGI_ASIO_ID(version) "boost.asio.io_context/" CSGI_ASIO_TEXT(version)

namespace csgi { inline namespace v1 {

/// Extension: the io_context that the thread of this exchange's executor runs. It is another one for each version of
/// Boost, since an io_context may only be used by code that was compiled against the same.
class asio_context {
 public:
  static constexpr extension_id id{CSGI_ASIO_ID(BOOST_VERSION), touches::nothing};

  /// Lifetime:  the server's; but nothing of a request is pending in it any more when its exchange ends.
  /// Threads:   any; it runs handlers on the executor's own.
  virtual boost::asio::io_context& get() noexcept = 0;

 protected:
  ~asio_context() = default;
};

#undef CSGI_ASIO_ID
#undef CSGI_ASIO_TEXT

/// An io_context and the thread that runs it.
class io_thread {
 public:
  io_thread() : thread_([this] { context_.run(); }) {}
  io_thread(const io_thread&) = delete;
  io_thread& operator=(const io_thread&) = delete;
  ~io_thread() {
    context_.stop();
    thread_.join();
  }

  boost::asio::io_context& context() noexcept { return context_; }

 private:
  boost::asio::io_context context_{1};
  const boost::asio::executor_work_guard<boost::asio::io_context::executor_type> busy_{context_.get_executor()};
  std::thread thread_;
};

/// The io_context of the process: where there is no server's, and for what outlives a request.
///
/// Each plug-in has one of its own. Its thread is begun by the first call. It ends with the process, before what was made
/// earlier is destroyed and after what was made later: so who keeps an I/O object in a static variable makes it from this
/// call, and no coroutine may wait for one any more by then.
/// Threads:   any. Handlers run one after the other on its thread; what one of them throws ends the process.
/// Errors:    std::system_error, where there is no thread to be had.
inline boost::asio::io_context& io_context() {
  static io_thread of_process;
  return of_process.context();
}

/// `tcp::socket upstream(csgi::io_context(ex));`
///
/// The io_context for what this request does itself: the one that runs on the thread of its coroutines, or that of the
/// process where the server has none, or has one of another version of Boost.
///
/// Lifetime:  what is made with it ends before the exchange.
/// Errors:    those of io_context().
inline boost::asio::io_context& io_context(exchange_handle ex) {
  auto* const of_server = ex.find<asio_context>();
  return of_server ? of_server->get() : io_context();
}

}}  // namespace csgi::v1
