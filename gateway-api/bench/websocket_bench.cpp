#include <benchmark/benchmark.h>
#include <csgi/serving/websocket_deflater.hpp>
#include <csgi/serving/websocket_frame_reader.hpp>
#include <csgi/serving/websocket_inflater.hpp>
#include <vector>

namespace {

using opcode = csgi::websocket_opcode;

constexpr csgi::websocket_key key = {'\x37', '\xfa', '\x21', '\x3d'};

std::string ascii(std::size_t size) { return std::string(size, 'a'); }

std::string german(std::size_t size) {
  std::string text;
  while (text.size() + 20 < size) text += "Gr\xC3\xB6\xC3\x9F" "enverh\xC3\xA4ltnis";
  return text + std::string(size - text.size(), 'a');
}

/// A client's message is received in a buffer, read, and answered by itself. The buffer is filled again each time, since reading
/// unmasks it: fill() is what of this is copying.
template <opcode Type, std::string (*make)(std::size_t)>
void echo(benchmark::State& state) {
  std::string received;
  csgi::append_websocket_frame(received, {.opcode = Type}, make(static_cast<std::size_t>(state.range(0))), key);
  std::vector<char> buffer(received.size()), out(received.size() + 10);
  csgi::websocket_frame_reader reader({});
  for (auto _ : state) {
    std::copy(received.begin(), received.end(), buffer.begin());
    const auto step = reader.read(buffer, buffer.size());
    const csgi::websocket_frame_head head({.opcode = step.type, .ends = step.ends}, step.data.size());
    const auto end = std::copy(head.bytes().begin(), head.bytes().end(), out.begin());
    std::copy(step.data.begin(), step.data.end(), end);
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
    if (!step.ends) state.SkipWithError("no message");
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

/// The same without a copy: every other time the payload is masked again, which makes no difference to what is binary.
void read_and_head(benchmark::State& state) {
  std::string received;
  csgi::append_websocket_frame(received, {}, ascii(static_cast<std::size_t>(state.range(0))), key);
  csgi::websocket_frame_reader reader({});
  for (auto _ : state) {
    const auto step = reader.read(received, received.size());
    const csgi::websocket_frame_head head({.opcode = step.type, .ends = step.ends}, step.data.size());
    benchmark::DoNotOptimize(head.bytes().data());
    benchmark::ClobberMemory();
    if (!step.ends) state.SkipWithError("no message");
  }
}

/// The two copies of echo().
void fill(benchmark::State& state) {
  const std::string received(static_cast<std::size_t>(state.range(0)) + 6, 'x');
  std::vector<char> buffer(received.size()), out(received.size());
  for (auto _ : state) {
    std::copy(received.begin(), received.end(), buffer.begin());
    benchmark::ClobberMemory();
    std::copy(buffer.begin(), buffer.end(), out.begin());
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
}

void unmask(benchmark::State& state) {
  std::vector<char> bytes(static_cast<std::size_t>(state.range(0)) + 16);
  const std::span<char> payload = std::span(bytes).subspan(3, static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    csgi::websocket_mask(key.data()).apply(payload);
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

template <std::string (*make)(std::size_t)>
void check_utf8(benchmark::State& state) {
  const std::string text = make(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(csgi::is_utf8(text));
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

std::string json(std::size_t size) {
  std::string text;
  for (unsigned i = 0; text.size() < size; ++i) text += "{\"id\": " + std::to_string(i * 7919) + ", \"name\": \"value\"},";
  return text.substr(0, size);
}

/// One message in, its deflated form out; `release`: with memory taken and given back each time.
template <bool release>
void deflate(benchmark::State& state) {
  const std::string text = json(static_cast<std::size_t>(state.range(0)));
  csgi::websocket_deflater deflater({.server_takeover = false}, {.level = static_cast<int>(state.range(1))});
  std::string payload;
  for (auto _ : state) {
    payload.clear();
    deflater.deflate(text, csgi::ending::finish, payload);
    if (release) deflater.release();
  }
  state.counters["bytes"] = static_cast<double>(payload.size());
}

template <bool release>
void inflate(benchmark::State& state) {
  std::string payload;
  csgi::websocket_deflater({.server_takeover = false}, {})
      .deflate(json(static_cast<std::size_t>(state.range(0))), csgi::ending::finish, payload);
  csgi::websocket_inflater inflater({.client_takeover = false}, 1024 * 1024);
  std::vector<char> buffer(32 * 1024);
  for (auto _ : state) {
    inflater.begin(opcode::text);
    if (inflater.inflate(payload, true, buffer).now != csgi::websocket_inflater::state::end) state.SkipWithError("no message");
    if (release) inflater.release();
  }
}

BENCHMARK(echo<opcode::binary, ascii>)->Arg(125)->Arg(16384);
BENCHMARK(echo<opcode::text, ascii>)->Arg(125)->Arg(16384);
BENCHMARK(echo<opcode::text, german>)->Arg(125)->Arg(16384);
BENCHMARK(read_and_head)->Arg(7)->Arg(125)->Arg(16384);
BENCHMARK(fill)->Arg(125)->Arg(16384);
BENCHMARK(unmask)->Arg(7)->Arg(125)->Arg(16384);
BENCHMARK(check_utf8<ascii>)->Arg(7)->Arg(125)->Arg(16384);
BENCHMARK(check_utf8<german>)->Arg(125)->Arg(16384);
BENCHMARK(deflate<false>)->Args({1024, 6})->Args({1024, 1})->Args({16384, 6});
BENCHMARK(deflate<true>)->Args({1024, 6});
BENCHMARK(inflate<false>)->Arg(1024)->Arg(16384);
BENCHMARK(inflate<true>)->Arg(1024);

}  // namespace

BENCHMARK_MAIN();
