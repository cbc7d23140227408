// csgi/serving/handler_exchange.hpp - a request of a server that gives it a thread: read from, and answered over, a socket.
#pragma once
#include <csgi/application.hpp>
#include <csgi/drain_notice.hpp>
#include <csgi/frame_memory.hpp>
#include <csgi/serving/body_decoder.hpp>
#include <csgi/serving/date_cache.hpp>
#include <csgi/serving/handler_executor.hpp>
#include <csgi/serving/received_request.hpp>
#include <csgi/serving/response_framer.hpp>
#include <csgi/serving/served_exchange.hpp>
#include <csgi/serving/socket_stream.hpp>

namespace csgi { inline namespace v1 {

/// Who has read a request's head makes one over the rest, and has it served: from the vetting of the head to what is left of
/// the body. Blocking apps run on the calling thread; async ones too, by as_blocking.
///
/// Threads:   one, unless said otherwise.
/// Spec:      CSGI-CORE-009, CSGI-CORE-027, CSGI-CORE-035; chapter HTTP, as far as it is not about heads
class handler_exchange final : public served_exchange, private drain_notice {
 public:
  struct surroundings : served_exchange::surroundings {
    const std::atomic<serving_stage>& now;
  };

  /// Lifetime:  all borrowed: what `from` views, too.
  handler_exchange(const surroundings& in, socket_stream& over, const library_head& from);

  /// From the call of the app to the end of its response; 503 instead where there is no `room` for it. Whether the connection
  /// may serve another request. Called once.
  ///
  /// Errors:    none: what the app does wrong is answered and logged, and where there is no memory the response is broken off.
  bool serve(bool room) noexcept;

  /// Asks the app to end.
  ///
  /// Threads:   any.
  void cancel() noexcept { executor_.cancel(); }

  const request& head() const noexcept override { return request_.head(); }
  csgi::executor& executor() noexcept override { return executor_; }
  bool connected() noexcept override { return !lost_ && !stream_.peer_has_gone(); }
  std::pmr::memory_resource& memory() noexcept override { return memory_; }
  csgi::phase phase() const noexcept override { return framer_.phase(); }
  std::error_code start(const response_head& head) noexcept override;
  begun begin_read(read_op& op) noexcept override;
  begun begin_write(write_op& op) noexcept override;
  begun begin_gone(operation& op) noexcept override;
  void abort(std::errc reason) noexcept override;
  void* find(const extension_id& wanted) noexcept override;

 private:
  bool draining() const noexcept override { return in_.now.load(std::memory_order_relaxed) != serving_stage::serving; }
  begun begin_draining(operation& op) noexcept override { return begin_gone(op); }

  void run_app();
  void call_app();
  void answer(int status, bool close);
  std::error_code refusal() noexcept;
  std::error_code read(std::string_view& chunk);
  std::error_code write(const write_op& op);
  std::error_code invite();
  bool read_past_body();
  void give_up(std::error_code why) noexcept;

  socket_stream& stream_;
  const surroundings& in_;
  received_request request_;
  rejection why_;
  body_decoder decoder_;
  response_framer framer_;
  date_cache dates_;
  handler_executor executor_;
  frame_memory memory_;
  const clock::time_point began_ = clock::now();
  std::uint64_t body_bytes_ = 0;
  int answered_ = 0;                  // by the server itself
  bool invited_ = true;               // the client does not wait for 100
  bool stalled_ = false;
  std::error_code aborted_, lost_;
};

/// Answers what is no request, and what never became one.
///
/// Errors:    std::bad_alloc. That the client did not get it is no error.
void refuse(socket_stream& over, int status, bool for_head, std::string_view product);

}}  // namespace csgi::v1
