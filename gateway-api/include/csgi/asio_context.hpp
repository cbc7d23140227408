// csgi/asio_context.hpp - opt-in, and outside of csgi::api's rule: the Boost.Asio io_context that an app's own I/O runs on.
#pragma once
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/version.hpp>
#include <csgi/task_promise.hpp>
#include <thread>

#define CSGI_ASIO_TEXT(number) #number
#define CSGI_ASIO_ID(version) "csgi.asio_context/" CSGI_ASIO_TEXT(version)

namespace csgi { inline namespace v1 {

/// Extension: the io_context that the thread of this exchange's executor runs. It is another one for each version of
/// Boost, since an io_context may only be used by code that was compiled against the same.
class asio_context {
 public:
  static constexpr extension_id id{CSGI_ASIO_ID(BOOST_VERSION), touches::nothing};

  /// Lifetime:  the exchange's.
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

/// The io_context that is offered there, if this code can use it; or null. Asio knows by variables of its own which thread
/// runs what: code that has them twice, such as a plug-in and its host, cannot share an io_context, and here Asio says so.
///
/// Threads:   the executor's own.
template <class Where>
boost::asio::io_context* io_context_offered_by(Where& where) noexcept {
  auto* const offered = static_cast<asio_context*>(where.find(asio_context::id));
  return offered && offered->get().get_executor().running_in_this_thread() ? &offered->get() : nullptr;
}

/// `tcp::socket upstream(csgi::io_context(ex));`
///
/// The io_context for what this request does itself: the one that runs on the thread of its coroutines, or that of the
/// process where the server has none that this code can use.
///
/// Lifetime:  what is made with it ends before the exchange.
/// Threads:   the exchange's executor.
/// Errors:    those of io_context().
inline boost::asio::io_context& io_context(exchange_handle ex) {
  auto* const offered = io_context_offered_by(ex.raw());
  return offered ? *offered : io_context();
}

/// The same for the coroutine with this promise.
inline boost::asio::io_context& io_context(const task_promise_base& promise) {
  boost::asio::io_context* offered = nullptr;
  if (promise.home) offered = io_context_offered_by(*promise.home);
  else if (promise.environment) offered = io_context_offered_by(*promise.environment);
  return offered ? *offered : io_context();
}

}}  // namespace csgi::v1
