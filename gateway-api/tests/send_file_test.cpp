#include <csgi/read_file.hpp>
#include "recording_exchange.hpp"
#include <cstdio>
#include <doctest/doctest.h>

using namespace csgi;

namespace {

struct temporary_file {
  explicit temporary_file(const std::string& bytes) : stream(std::tmpfile()) {
    std::fwrite(bytes.data(), 1, bytes.size(), stream);
    std::rewind(stream);
  }
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;
  ~temporary_file() { std::fclose(stream); }
  int descriptor() const { return ::fileno(stream); }
  std::FILE* stream;
};

std::string pattern(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 31 + i / 251);
  return bytes;
}

// Sends a part of a file between two writes, in the way of its kind.
struct file_part_of_it {
  int descriptor;
  std::uint64_t offset, count;
};

struct async_sender final : async_app, file_part_of_it {
  explicit async_sender(file_part_of_it part) : file_part_of_it(part) {}
  task<> http(async_exchange ex) override {
    ex.start(200);
    co_await ex.write("<");
    co_await ex.send_file(descriptor, offset, count);
    co_await ex.send_file(descriptor, 0, 1, ending::finish);
  }
};

struct blocking_sender final : blocking_app, file_part_of_it {
  explicit blocking_sender(file_part_of_it part) : file_part_of_it(part) {}
  void http(blocking_exchange ex) override {
    ex.start(200);
    ex.write("<");
    ex.send_file(descriptor, offset, count);
    ex.send_file(descriptor, 0, 1, ending::finish);
  }
};

// Runs `check(exchange, app)` for both kinds, with and without a file sender.
template <class Check>
void in_every_way(file_part_of_it part, Check check) {
  for (const bool extension : {true, false}) {
    CAPTURE(extension);
    blocking_sender blocking(part);
    recording_exchange inside(completion::inside);
    inside.sends_files = extension;
    check(inside, application(blocking));
    async_sender async(part);
    recording_exchange later(completion::later);
    later.sends_files = extension;
    check(later, application(async));
  }
}

}  // namespace

TEST_SUITE("send_file") {
TEST_CASE("a part of a file goes between writes, with the server's file sender or without") {
  const auto bytes = pattern(100'000);
  const temporary_file file(bytes);
  in_every_way({file.descriptor(), 1000, 90'000}, [&](recording_exchange& x, application app) {
    x.serve(app);
    CHECK(x.response().body == '<' + bytes.substr(1000, 90'000) + bytes[0]);
    CHECK(x.phase() == phase::finished);
    CHECK(std::ftell(file.stream) == 0);
  });
}

TEST_CASE("a file that ends before its count aborts the response") {
  const temporary_file file(pattern(40'000));
  in_every_way({file.descriptor(), 1000, 40'000}, [](recording_exchange& x, application app) {
    CHECK_THROWS_AS(x.serve(app), malformed_body);
    CHECK(x.response().aborted == std::errc::bad_message);
  });
}

TEST_CASE("a file that cannot be read aborts the response") {
  in_every_way({-1, 0, 10}, [](recording_exchange& x, application app) {
    CHECK_THROWS_AS(x.serve(app), error);
    CHECK(x.response().aborted == std::errc::io_error);
  });
}

TEST_CASE("an empty part is no bytes, and no fault") {
  const temporary_file file("x");
  in_every_way({file.descriptor(), 1, 0}, [](recording_exchange& x, application app) {
    x.serve(app);
    CHECK(x.response().body == "<x");
  });
}

TEST_CASE("a peer that goes meanwhile ends it with disconnected") {
  const temporary_file file(pattern(100'000));
  in_every_way({file.descriptor(), 0, 100'000}, [](recording_exchange& x, application app) {
    x.fails_at = 2;
    CHECK_THROWS_AS(x.serve(app), disconnected);
  });
}
}
