// operations.cpp - behaviours of the probe: operations that overlap, are cancelled, or complete at once in long rows.
#include "probe.hpp"
#include "watched.hpp"
#include <fcntl.h>
#include <unistd.h>

namespace csgi::conformance {

using namespace std::chrono_literals;

namespace {

/// One operation of each kind at the same time, and then a second one of each. The client sends a byte, then takes the
/// response.
task<> all_at_once(visit v) {
  exchange& x = v.ex.raw();
  const std::string body = pattern(number_in(v.ex.head().query));
  watched<read_op> read, second_read;
  watched<write_op> write, second_write;
  watched<operation> gone, second_gone;
  v.ex.start(200);
  write.data = body;
  second_write.data = "x";
  v.note("write: " + write.begun_as(x.begin_write(write)));
  v.note("read: " + read.begun_as(x.begin_read(read)));
  v.note("gone: " + gone.begun_as(x.begin_gone(gone)));
  v.note("second write: " + second_write.begun_as(x.begin_write(second_write)));
  v.note("second read: " + second_read.begun_as(x.begin_read(second_read)));
  v.note("second gone: " + second_gone.begun_as(x.begin_gone(second_gone)));
  if (auto* const sender = v.ex.find<file_sender>()) {
    watched<file_op> file;
    file.descriptor = ::open("/dev/zero", O_RDONLY | O_CLOEXEC);
    file.count = 1;
    v.note("file: " + file.begun_as(sender->begin_send_file(file)));
    ::close(file.descriptor);
  }
  while (!read.over) co_await v.ex.sleep_for(1ms);
  v.note("read ended with " + std::string(read.chunk) + (write.over || gone.over ? "" : ", the others pend"));
  while (!write.over) co_await v.ex.sleep_for(1ms);
  v.note("write ended: " + name_of(write.error) + (gone.over ? "" : ", the wait pends"));
  co_await v.ex.finish();
  while (!gone.over) co_await v.ex.sleep_for(1ms);
  v.note("gone ended: " + name_of(gone.error));
}

/// A write that its client does not take is cancelled.
task<> cancelled_write(visit v) {
  const std::string body = pattern(number_in(v.ex.head().query));
  watched<write_op> write;
  v.ex.start(200);
  write.data = body;
  v.note("write: " + write.begun_as(v.ex.raw().begin_write(write)));
  if (!write.over) cancel(write);
  while (!write.over) co_await v.ex.sleep_for(1ms);
  v.note("phase " + name_of(v.ex.phase()));
}

/// An operation that completes at once, so often that 64 bytes of stack for each would be more than a thread has.
task<> row(visit v) {
  const auto kind = v.ex.head().query;
  v.ex.start(200);
  for (int i = 0; i < 150'000; ++i) {
    if (kind == "write") co_await v.ex.write("");
    if (kind == "read") co_await v.ex.read();
  }
  co_await v.ex.finish("through");
}

/// Operations that complete at once, until "go-on" is noted: by another request, which must get its turn for that.
task<> busy(visit v) {
  const auto kind = v.ex.head().query;
  const auto until = clock::now() + 4s;
  bool released = false;
  v.note("busy");
  v.ex.start(200);
  while (!released && clock::now() < until) {
    if (kind == "write") co_await v.ex.write("");
    if (kind == "read") co_await v.ex.read();
    if (kind == "wait") co_await v.ex.sleep_for(0ms);
    released = v.book.has(v.key, "go-on");
  }
  co_await v.ex.finish(released ? "released" : "never released");
}

struct entry {
  std::string_view path;
  behaviour act;
};

constexpr entry table[] = {
    {"/all-at-once", all_at_once}, {"/cancelled-write", cancelled_write}, {"/row", row}, {"/busy", busy},
};

}  // namespace

behaviour find_operation_behaviour(std::string_view path) noexcept {
  for (const auto& e : table)
    if (e.path == path) return e.act;
  return nullptr;
}

}  // namespace csgi::conformance
