// exchange_commands.cpp - what a player does with its exchange, as HTTP or as a stream of bytes, and what it waits for.
#include "player.hpp"
#include <csgi/upgrade.hpp>
#include <fcntl.h>
#include <unistd.h>

namespace csgi::conformance {

using namespace std::chrono_literals;

namespace {

/// Operations are begun on the exchange itself: fronts check some things before.
template <class Operation, class Begin>
task<std::string> performed(player& by, Operation& op, Begin begin) {
  op.over = begin(op) == begun::completed;
  while (!op.over) co_await by.v.ex.sleep_for(1ms);
  co_return name_of(op.error);
}

task<std::string> upgrade_to(player& by, const arguments& with) {
  auto* const extension = by.v.ex.find<upgrade>();
  if (extension == nullptr) co_return "absent";
  const auto fields = fields_from(with, 1);
  kept<upgrade_op> op;
  op.protocol = at(with, 0);
  op.fields = fields;
  auto upgrading = performed(by, op, [extension](upgrade_op& o) { return extension->begin_upgrade(o); });
  std::string outcome = co_await std::move(upgrading);
  co_return outcome;
}

task<std::string> find(player& by, const arguments&) { co_return by.v.ex.find<upgrade>() ? "found" : "absent"; }

task<std::string> tell_phase(player& by, const arguments&) { co_return name_of(by.v.ex.phase()); }

task<std::string> start(player& by, const arguments&) { co_return name_of(by.v.ex.raw().start({200})); }

task<std::string> read(player& by, const arguments&) {
  const auto chunk = co_await by.v.ex.read();
  co_return chunk.empty() ? "the end" : told_of(chunk);
}

/// What comes until that many bytes are there, or the end.
task<std::string> read_bytes(player& by, const arguments& with) {
  const auto wanted = number_in(at(with, 0));
  std::string all;
  for (auto chunk = co_await by.v.ex.read(); !chunk.empty(); chunk = co_await by.v.ex.read()) {
    all += chunk;
    if (wanted > 0 && all.size() >= wanted) break;
  }
  co_return told_of(all);
}

task<std::string> write(player& by, const arguments& with) {
  co_await by.v.ex.write(at(with, 0), ending::flush);
  co_return "done";
}

task<std::string> write_pattern(player& by, const arguments& with) {
  const std::string bytes = pattern(number_in(at(with, 0)));
  co_await by.v.ex.write(bytes, ending::flush);
  co_return "done";
}

task<std::string> finish(player& by, const arguments& with) {
  co_await by.v.ex.finish(at(with, 0));
  co_return "done";
}

task<std::string> send_file(player& by, const arguments&) {
  auto* const sender = by.v.ex.find<file_sender>();
  if (sender == nullptr) co_return "operation_not_permitted";     // nothing to try
  kept<file_op> op;
  op.descriptor = ::open("/dev/zero", O_RDONLY | O_CLOEXEC);
  op.count = 1;
  auto sending = performed(by, op, [sender](file_op& o) { return sender->begin_send_file(o); });
  std::string outcome = co_await std::move(sending);
  ::close(op.descriptor);
  co_return outcome;
}

task<std::string> respond(player& by, const arguments& with) {
  co_await by.v.ex.respond(static_cast<int>(number_in(at(with, 0))), "text/plain", at(with, 1));
  co_return "done";
}

task<std::string> abort(player& by, const arguments&) {
  by.v.ex.abort(std::errc::io_error);
  co_return name_of(by.v.ex.phase());
}

task<std::string> connected(player& by, const arguments&) { co_return by.v.ex.connected() ? "yes" : "no"; }

task<std::string> fail(player&, const arguments&) {
  throw std::runtime_error("a secret of the app");
  co_return "";
}

task<std::string> hook(player& by, const arguments&) {
  by.v.ex.on_finish([book = &by.v.book, key = by.v.key](const outcome& how) {
    book->add(key, "outcome: " + std::to_string(how.status) + ' ' + (how.aborted ? "aborted by " + name_of(how.aborted) : "whole") + ' ' +
                       std::to_string(how.body_bytes));
  });
  co_return "done";
}

/// What the request says, as long as the app runs.
task<std::string> head(player& by, const arguments&) {
  const request& asked = by.v.ex.head();
  co_return std::string(asked.method) + ' ' + std::string(asked.tail()) + ' ' + std::string(asked.field("x-kept").value_or("nothing"));
}

task<std::string> nap(player& by, const arguments& with) {
  co_await by.v.ex.sleep_for(std::chrono::milliseconds(number_in(at(with, 0))));
  co_return "done";
}

/// Until another request has noted it.
task<std::string> await_note(player& by, const arguments& with) {
  while (!by.v.book.has(by.v.key, at(with, 0))) co_await by.v.ex.sleep_for(2ms);
  co_return "done";
}

constexpr named_command table[] = {
    {"find-upgrade", find}, {"upgrade", upgrade_to}, {"phase", tell_phase}, {"start", start}, {"read", read}, {"read-bytes", read_bytes}, {"write", write},
    {"write-pattern", write_pattern}, {"finish", finish}, {"send-file", send_file}, {"respond", respond}, {"abort", abort},
    {"connected", connected}, {"fail", fail}, {"hook", hook}, {"head", head}, {"nap", nap}, {"await", await_note},
};

}  // namespace

command find_exchange_command(std::string_view name) noexcept {
  for (const auto& e : table)
    if (e.name == name) return e.act;
  return nullptr;
}

}  // namespace csgi::conformance
