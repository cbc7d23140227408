#include "console.hpp"
#include <cstring>
#include "line.hpp"

namespace csgi::cli {

namespace {

constexpr std::string_view name_of(log_level level) noexcept {
  constexpr std::string_view names[] = {"debug", "info", "warning", "error"};
  return names[static_cast<unsigned char>(level)];
}

}  // namespace

void console::ready(const endpoint& where) noexcept {
  const char* const scheme = where.type == endpoint::kind::unix_socket ? "unix:" : "http://";
  line().add(scheme).add(where).add(" – ").add_visible(with_.what, line::shown::text).write_to(with_.ready_goes_to);
  if (!announced_.empty()) line().add_visible(announced_, line::shown::text).write_to(with_.ready_goes_to);
  if (with_.manager) with_.manager->tell_ready();
}

void console::log(log_level level, std::string_view message) noexcept {
  if (level < with_.least_level) return;
  line().add("csgi: ").add(name_of(level)).add(": ").add_visible(message, line::shown::text).write_to(STDERR_FILENO);
}

void console::access(const access_record& record) noexcept {
  line text;
  text.add(record.peer).add(" \"");
  if (record.method.empty()) {
    text.add("-");
  } else {
    text.add_visible(record.method, line::shown::quoted, 64).add(" ");
    text.add_visible(record.target, line::shown::quoted, PIPE_BUF / 2).add(" HTTP/").add(record.version);
  }
  const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(record.elapsed).count();
  text.add("\" ").add(record.how.status).add(" ").add(record.how.body_bytes).add(" ");
  text.add(microseconds / 1000).add(".").add(microseconds / 100 % 10).add(microseconds / 10 % 10).add("ms");
  if (record.how.aborted) text.add(" aborted: ").add(strerrordesc_np(record.how.aborted.value()));
  text.write_to(STDOUT_FILENO);
}

void complain(std::string_view message) noexcept {
  line().add("csgi: ").add_visible(message, line::shown::text).write_to(STDERR_FILENO);
}

}  // namespace csgi::cli
