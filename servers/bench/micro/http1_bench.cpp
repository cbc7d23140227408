// http1_bench.cpp - what it costs to read a request's head and to frame a response's, beside llhttp that checks and keeps
// nothing, and beside bare appending.
#include "../src/requests.hpp"
#include <benchmark/benchmark.h>
#include <csgi/http1/request_parser.hpp>
#include <csgi/serving/response_framer.hpp>
#include <charconv>
#include <string>
#if __has_include(<llhttp.h>)
#include <llhttp.h>
#endif

using namespace csgi;

namespace {

constexpr std::string_view date = "Thu, 01 Jan 1970 00:00:00 GMT";

void parse(benchmark::State& state, std::string_view request) {
  const server_limits limits;
  http1::request_parser parser(limits);
  for (auto _ : state) {
    parser.reset();
    const auto now = parser.parse(request);
    if (now != http1::request_parser::state::complete) state.SkipWithError("not parsed");
    benchmark::DoNotOptimize(parser.head().fields.size());
  }
}

#if __has_include(<llhttp.h>)
/// llhttp, which tells where names and values are, and whoever is told only counts them.
void parse_barely(benchmark::State& state, std::string_view request) {
  llhttp_settings_t settings;
  llhttp_settings_init(&settings);
  settings.on_header_field = settings.on_header_value = [](llhttp_t* parser, const char*, std::size_t) noexcept {
    ++*static_cast<std::size_t*>(parser->data);
    return 0;
  };
  settings.on_message_complete = [](llhttp_t*) noexcept -> int { return HPE_PAUSED; };
  std::size_t told = 0;
  llhttp_t parser;
  for (auto _ : state) {
    llhttp_init(&parser, HTTP_REQUEST, &settings);
    parser.data = &told;
    if (llhttp_execute(&parser, request.data(), request.size()) != HPE_PAUSED) state.SkipWithError("not parsed");
    benchmark::DoNotOptimize(told);
  }
}

BENCHMARK_CAPTURE(parse_barely, small, bench::small_request);
BENCHMARK_CAPTURE(parse_barely, browser, bench::browser_request);
#endif

void frame(benchmark::State& state) {
  response_framer framer;
  std::string wire;
  const field fields[] = {{"content-type", "text/plain"}};
  for (auto _ : state) {
    response_framer::frame around;
    wire.clear();
    framer.reset({}, "csgi");
    framer.start({.status = 200, .fields = fields});
    framer.write(6, ending::finish, date, wire, around);
    benchmark::DoNotOptimize(wire.data());
    benchmark::ClobberMemory();
  }
}

template <class Number>
void append(std::string& to, Number n) {
  char digits[20];
  to.append(digits, static_cast<std::size_t>(std::to_chars(digits, digits + sizeof digits, n).ptr - digits));
}

/// The same bytes, of values that nobody looks at.
void frame_barely(benchmark::State& state) {
  std::string wire;
  field content_type{"content-type", "text/plain"};
  int status = 200;
  std::size_t size = 6;
  for (auto _ : state) {
    benchmark::DoNotOptimize(status);
    benchmark::DoNotOptimize(size);
    benchmark::DoNotOptimize(content_type);
    wire.clear();
    wire.append("HTTP/1.1 ");
    append(wire, status);
    wire.append(" ").append(reason_phrase(status)).append("\r\n");
    wire.append(content_type.name).append(": ").append(content_type.value).append("\r\n");
    wire.append("Date: ").append(date).append("\r\nServer: ").append("csgi").append("\r\nContent-Length: ");
    append(wire, size);
    wire.append("\r\n\r\n");
    benchmark::DoNotOptimize(wire.data());
    benchmark::ClobberMemory();
  }
}

BENCHMARK_CAPTURE(parse, small, bench::small_request);
BENCHMARK_CAPTURE(parse, browser, bench::browser_request);
BENCHMARK(frame);
BENCHMARK(frame_barely);

}  // namespace

BENCHMARK_MAIN();
