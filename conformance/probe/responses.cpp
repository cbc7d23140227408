// responses.cpp - behaviours of the probe: well-formed responses of every shape.
#include "probe.hpp"
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

namespace csgi::conformance {

namespace {

task<> hello(visit v) { co_await v.ex.respond(200, "text/plain", "Hello\n"); }

task<> status(visit v) {
  v.ex.start(static_cast<int>(number_in(v.ex.head().query)), {{"x-probe", "1"}});
  co_await v.ex.finish("body\n");
}

/// No reason phrase is standard for it.
task<> reason(visit v) {
  v.ex.start(response_head{.status = 299, .reason = "As Told"});
  co_await v.ex.finish();
}

task<> fields(visit v) {
  v.ex.start(200, {{"Set-Cookie", "a=1"}, {"x-one", "first"}, {"X-MiXeD", "\xe4\xf6"}, {"Set-Cookie", "b=2"}, {"x-empty", ""}});
  co_await v.ex.finish("x");
}

task<> own_date(visit v) {
  v.ex.start(200, {{"date", "Thu, 01 Jan 1970 00:00:00 GMT"}, {"server", "own"}});
  co_await v.ex.finish();
}

task<> no_type(visit v) {
  v.ex.start(200);
  co_await v.ex.finish("bytes");
}

task<> close_after(visit v) {
  v.ex.start(response_head{.status = 200, .then = after_response::close});
  co_await v.ex.finish("last");
}

task<> declared(visit v) {
  v.ex.start(200, {{"content-length", "10"}});
  co_await v.ex.write("01234");
  co_await v.ex.finish("56789");
}

/// HEAD and 304 may carry the length of what they do not send.
task<> declared_only(visit v) {
  const auto code = number_in(v.ex.head().query);
  v.ex.start(code == 0 ? 200 : static_cast<int>(code), {{"content-length", "10"}});
  co_await v.ex.finish();
}

task<> declared_twice(visit v) {
  v.ex.start(200, {{"content-length", "5"}, {"Content-Length", "5"}});
  co_await v.ex.finish("twice");
}

task<> pieces(visit v) {
  v.ex.start(200);
  co_await v.ex.write("one,");
  co_await v.ex.write("");
  co_await v.ex.write("two,");
  co_await v.ex.finish("three");
}

/// Neither writes without data nor flushes say anything.
task<> empty_flushes(visit v) {
  v.ex.start(200);
  co_await v.ex.flush();
  co_await v.ex.write("one,");
  co_await v.ex.flush();
  co_await v.ex.write("");
  co_await v.ex.flush();
  co_await v.ex.write("two");
  co_await v.ex.flush();
  co_await v.ex.finish();
}

/// A head that waits for the client before it is replaced and sent.
task<> waiting_head(visit v) {
  v.ex.start(200, {{"x-first", "1"}});
  co_await v.ex.write("");
  co_await v.ex.read();
  v.ex.start(201);
  co_await v.ex.finish("sent");
}

task<> stream(visit v) {
  v.note_end();
  const std::string block = pattern(23 * 2'849);
  // Where the client has gone already there is nothing to start; the write below tells why.
  if (const auto refused = v.ex.raw().start({200}); refused && v.ex.phase() != phase::aborted) raise(refused, "start");
  std::string failure;
  try {
    for (auto left = number_in(v.ex.head().query); left > 0;) {
      const auto part = std::string_view(block).substr(0, left);
      co_await v.ex.write(part);
      left -= part.size();
    }
    co_await v.ex.finish();
  } catch (const error& e) {
    failure = e.code().message();
  }
  v.note(failure.empty() ? "streamed" : "write failed: " + failure);
  if (failure.empty()) co_return;
  v.note("phase " + name_of(v.ex.phase()));
  std::string again = "done";
  try {
    co_await v.ex.write("more");
  } catch (const error& e) {
    again = name_of(e.code());
  }
  v.note("write again: " + again);
}

/// Each write from the same buffer, overwritten at once: who kept a view of it sends the wrong bytes.
task<> reused_buffer(visit v) {
  v.ex.start(200);
  std::string buffer(number_in(v.ex.head().query), 'a');
  for (char letter = 'a'; letter <= 'j'; ++letter) {
    buffer.assign(buffer.size(), letter);
    co_await v.ex.write(buffer);
  }
  buffer.assign(buffer.size(), '!');
  co_await v.ex.finish();
}

task<> many_writes(visit v) {
  v.ex.start(200);
  for (auto left = number_in(v.ex.head().query); left > 0; --left) co_await v.ex.write("x");
  co_await v.ex.finish();
}

task<> whole(visit v) {
  const std::string body = pattern(number_in(v.ex.head().query));
  co_await v.ex.respond(200, "text/plain", body);
}

task<> replaced(visit v) {
  v.ex.start(500, {{"x-first", "1"}, {"content-length", "3"}});
  v.ex.start(201, {{"x-second", "1"}});
  co_await v.ex.finish("replaced");
}

/// The head's bytes are others as soon as start() has returned, and stay there: who looks at them later sees that.
task<> passing_head(visit v) {
  std::string name = "x-passing", value = "kept", reason = "As Told";
  const field only{name, value};
  v.ex.start(response_head{.status = 200, .fields = {&only, 1}, .reason = reason});
  name.assign(name.size(), '!');
  value.assign(value.size(), '!');
  reason.assign(reason.size(), '!');
  co_await v.ex.finish("x");
}

task<> flushed(visit v) {
  v.ex.start(200);
  co_await v.ex.flush();
  v.note("flushed");
  const auto chunk = co_await v.ex.read();
  co_await v.ex.finish(chunk);
}

/// A block, and then nothing more until the client has answered.
task<> block_by_block(visit v) {
  v.ex.start(200);
  co_await v.ex.write("first");
  const auto chunk = co_await v.ex.read();
  co_await v.ex.finish(chunk);
}

/// A file of ten digits, gone from the directory as soon as it is open.
class digits_file {
 public:
  digits_file() : number_(::mkstemp(name_.data())) {
    if (number_ < 0) throw std::system_error(errno, std::generic_category(), "a temporary file");
    ::unlink(name_.data());
    if (::write(number_, "0123456789", 10) != 10) throw std::system_error(errno, std::generic_category(), "a temporary file");
  }
  digits_file(const digits_file&) = delete;
  digits_file& operator=(const digits_file&) = delete;
  ~digits_file() { ::close(number_); }
  int number() const noexcept { return number_; }

 private:
  std::array<char, 32> name_{"/tmp/csgi-probe-XXXXXX"};
  int number_;
};

task<> file_part(visit v) {
  const digits_file file;
  ::lseek(file.number(), 7, SEEK_SET);
  v.ex.start(200, {{"content-length", "9"}});
  co_await v.ex.write("<");
  co_await v.ex.send_file(file.number(), 2, 3);
  co_await v.ex.write("|");
  co_await v.ex.send_file(file.number(), 6, 4, ending::finish);
  v.note("the position is " + std::to_string(::lseek(file.number(), 0, SEEK_CUR)));
}

/// The descriptor is another file's as soon as the operation has completed.
task<> file_replaced(visit v) {
  const digits_file file;
  const std::string block = pattern(23 * 20'000);
  for (int i = 0; i < 20; ++i)
    if (::pwrite(file.number(), block.data(), block.size(), static_cast<off_t>(i) * static_cast<off_t>(block.size())) < 0) co_return;
  v.ex.start(200);
  co_await v.ex.send_file(file.number(), 0, 20 * block.size());
  const int zeros = ::open("/dev/zero", O_RDONLY | O_CLOEXEC);
  ::dup2(zeros, file.number());
  ::close(zeros);
  co_await v.ex.finish();
}

/// Parts of files in place of bytes: beyond the length, for what has no body, and behind the end.
task<> file_of_length(visit v) {
  const digits_file file;
  const auto status = number_in(v.ex.head().query);
  v.ex.start(status == 0 ? 200 : static_cast<int>(status), {{"content-length", "5"}});
  std::string outcome = "accepted";
  try {
    co_await v.ex.send_file(file.number(), 0, 6);
  } catch (const too_large&) {
    outcome = "refused";
  }
  v.note(outcome);
  co_await v.ex.send_file(file.number(), 5, 5, ending::finish);
}

/// A descriptor that is open for writing alone.
task<> file_unreadable(visit v) {
  std::array<char, 32> name{"/tmp/csgi-probe-XXXXXX"};
  const int made = ::mkstemp(name.data());
  const int descriptor = ::open(name.data(), O_WRONLY | O_CLOEXEC);
  ::unlink(name.data());
  ::close(made);
  v.ex.start(200, {{"content-length", "10"}});
  std::string failure = "sent";
  try {
    co_await v.ex.send_file(descriptor, 0, 10, ending::finish);
  } catch (const error& e) {
    failure = e.code() == std::errc::io_error ? "unreadable" : e.code().message();
  }
  ::close(descriptor);
  v.note("file: " + failure);
}

task<> file_of_unknown_length(visit v) {
  const digits_file file;
  v.ex.start(200);
  co_await v.ex.send_file(file.number(), 0, 10);
  co_await v.ex.finish("end");
}

task<> file_too_short(visit v) {
  const digits_file file;
  v.ex.start(200);
  std::string failure;
  try {
    co_await v.ex.send_file(file.number(), 5, 10, ending::finish);
  } catch (const error& e) {
    failure = e.code() == std::errc::bad_message ? "too short" : e.code().message();
  }
  v.note("file: " + (failure.empty() ? "sent" : failure));
}

struct entry {
  std::string_view path;
  behaviour act;
};

constexpr entry table[] = {
    {"/hello", hello}, {"/status", status}, {"/reason", reason}, {"/fields", fields}, {"/own-date", own_date},
    {"/no-type", no_type}, {"/close-after", close_after}, {"/declared", declared}, {"/declared-only", declared_only},
    {"/pieces", pieces}, {"/stream", stream}, {"/reused-buffer", reused_buffer}, {"/many-writes", many_writes},
    {"/whole", whole}, {"/replaced", replaced}, {"/passing-head", passing_head}, {"/file-unreadable", file_unreadable}, {"/flushed", flushed}, {"/block-by-block", block_by_block},
    {"/declared-twice", declared_twice}, {"/empty-flushes", empty_flushes}, {"/waiting-head", waiting_head},
    {"/file-replaced", file_replaced}, {"/file-of-length", file_of_length},
    {"/file-part", file_part}, {"/file-of-unknown-length", file_of_unknown_length}, {"/file-too-short", file_too_short},
};

}  // namespace

behaviour find_response_behaviour(std::string_view path) noexcept {
  for (const auto& e : table)
    if (e.path == path) return e.act;
  return nullptr;
}

}  // namespace csgi::conformance
