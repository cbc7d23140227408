#include "conversation.hpp"
#include "words.hpp"
#include <csgi/concurrency.hpp>
#include <csgi/drain_notice.hpp>
#include <stdexcept>

namespace chatting {
namespace {

constexpr parting full{1013, "There are too many people here. Please try again later."};
constexpr parting restarting{1012, "The server is going away."};
constexpr parting not_text{1003, "Messages are text."};

void hear(const csgi::message& got, const seat& here, outbox& out) {
  if (got.kind != csgi::message_kind::text) return out.close(not_text);
  try {
    here.say(text_of(got.data));
  } catch (const std::invalid_argument& wrong) {
    out.put(complaint(wrong.what()));
  }
}

/// Until the conversation is over, whoever has closed it.
csgi::task<> listen(csgi::async_exchange ex, csgi::async_websocket socket, const seat& here, outbox& out) {
  for (auto got = co_await socket.receive(); got; got = co_await socket.receive()) {
    hear(got, here, out);
    co_await out.nearly_empty(ex);
  }
}

/// Nobody else sends to this member. A send is never stopped: one that is stuck ends by the server's deadline for writing.
csgi::task<> speak(csgi::async_exchange ex, csgi::async_websocket socket, outbox& out) {
  for (auto next = co_await out.next(ex); next; next = co_await out.next(ex)) co_await socket.send(*next);
  const auto how = out.end();
  co_await socket.close(how.code, how.reason);
}

csgi::task<> say_farewell_when_draining(csgi::async_exchange ex, outbox& out) {
  co_await csgi::server_drains(ex);
  out.put(farewell(restarting.reason));
  out.close(restarting);
}

}  // namespace

csgi::task<> converse(csgi::async_exchange ex, rooms& all, std::string room, std::string name, outbox::limits most) {
  const csgi::async_websocket socket(ex);
  co_await socket.accept();
  std::string wrong;
  try {
    name = checked_name(name);
  } catch (const std::invalid_argument& refused) {
    wrong = refused.what();
  }
  if (!wrong.empty()) co_return co_await socket.close(bad_name, wrong);

  outbox out(most);
  const auto here = all.enter(room, name, out);
  if (!here) co_return co_await socket.close(full.code, full.reason);
  auto sending = csgi::when_all(speak(ex, socket, out), say_farewell_when_draining(ex, out));
  auto either = csgi::when_any(listen(ex, socket, *here, out), std::move(sending));
  co_await std::move(either);
}

}  // namespace chatting
