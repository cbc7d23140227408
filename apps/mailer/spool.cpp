#include "spool.hpp"
#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <system_error>

namespace {

constexpr std::size_t id_size = 32;

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }
void check(bool fine, const char* what) {
  if (!fine) fail(what);
}

/// Nobody guesses it, so that whoever has sent a letter is the one who can ask for it.
std::string new_id() {
  unsigned char random[id_size / 2];
  check(::getrandom(random, sizeof random, 0) == sizeof random, "getrandom");
  std::string id;
  for (const auto byte : random) id.append({"0123456789abcdef"[byte >> 4], "0123456789abcdef"[byte & 15]});
  return id;
}

/// Whether it is a file of ours: no other name is ever looked for.
bool is_id(std::string_view text) noexcept {
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return text.size() == id_size && std::ranges::all_of(text, is_digit);
}

file_descriptor open_directory(int in, const std::string& name) {
  if (::mkdirat(in, name.c_str(), 0700) != 0 && errno != EEXIST) fail(name.c_str());
  file_descriptor directory(::openat(in, name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  check(bool(directory), name.c_str());
  return directory;
}

std::vector<std::string> ids_in(const file_descriptor& directory) {
  const int again = ::openat(directory.number(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const std::unique_ptr<DIR, int (*)(DIR*)> list(::fdopendir(again), [](DIR* d) { return ::closedir(d); });
  check(list != nullptr, "reading the spool");
  std::vector<std::string> ids;
  while (const auto* const entry = ::readdir(list.get()))
    if (is_id(entry->d_name)) ids.emplace_back(entry->d_name);
  return ids;
}

bool lock(const file_descriptor& file) { return ::flock(file.number(), LOCK_EX | LOCK_NB) == 0; }

bool contains(const file_descriptor& directory, const std::string& id) {
  return ::faccessat(directory.number(), id.c_str(), F_OK, 0) == 0;
}

void write_all(const file_descriptor& file, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(file.number(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    check(written > 0, "writing a letter");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::string read_all(const file_descriptor& file) {
  std::string bytes;
  char block[4096];
  for (;;) {
    const auto size = ::read(file.number(), block, sizeof block);
    if (size < 0 && errno == EINTR) continue;
    check(size >= 0, "reading a letter");
    if (size == 0) return bytes;
    bytes.append(block, static_cast<std::size_t>(size));
  }
}

void sync(const file_descriptor& file) { check(::fsync(file.number()) == 0, "fsync"); }

void rename_durably(const file_descriptor& from, const file_descriptor& to, const std::string& id) {
  check(::renameat(from.number(), id.c_str(), to.number(), id.c_str()) == 0, "rename");
  sync(to);
}

}  // namespace

spool::spool(const std::string& directory, std::size_t most)
    : most_(most), top_(open_directory(AT_FDCWD, directory)), unfinished_(open_directory(top_.number(), "tmp")),
      new_(open_directory(top_.number(), "new")), sent_(open_directory(top_.number(), "sent")), waiting_(count_waiting()) {
  sync(top_);
  remove_unfinished();
}

std::optional<spooled_letter> spool::add(letter content) {
  if (!take_place()) return std::nullopt;
  std::string id;
  try {
    file_descriptor file = begin_letter(id);
    write_all(file, to_text(content));
    sync(file);
    rename_durably(unfinished_, new_, id);
    return spooled_letter(std::move(id), std::move(content), std::move(file));
  } catch (...) {
    ::unlinkat(unfinished_.number(), id.c_str(), 0);
    discard(id);
    throw;
  }
}

// Another process that begins at the same moment may take a file that is not locked yet for one that was left behind.
file_descriptor spool::begin_letter(std::string& id) const {
  for (;;) {
    id = new_id();
    file_descriptor file(::openat(unfinished_.number(), id.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    check(bool(file), "making a letter's file");
    if (lock(file) && contains(unfinished_, id)) return file;
  }
}

// That it is gone from new/ need not be on the disk at once: it would be sent twice after a crash, not never.
void spool::mark_sent(const spooled_letter& which) {
  rename_durably(new_, sent_, which.id());
  give_place_back();
}

void spool::discard(const std::string& id) noexcept {
  ::unlinkat(new_.number(), id.c_str(), 0);
  give_place_back();
}

std::vector<std::string> spool::waiting() const { return ids_in(new_); }

std::optional<spooled_letter> spool::claim(const std::string& id) const {
  file_descriptor file(::openat(new_.number(), id.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file && errno == ENOENT) return std::nullopt;
  check(bool(file), "opening a letter");
  // Who had it until now may have sent it between our open and our lock.
  if (!lock(file) || !contains(new_, id)) return std::nullopt;
  auto content = letter_from_text(read_all(file));
  return spooled_letter(id, std::move(content), std::move(file));
}

// In the order in which letters move, so that none is missed.
std::optional<letter_state> spool::find(std::string_view id) const {
  if (!is_id(id)) return std::nullopt;
  const std::string name(id);
  if (contains(new_, name)) return letter_state::waiting;
  if (contains(sent_, name)) return letter_state::sent;
  return std::nullopt;
}

// Other processes send letters, too: so it is counted anew before anybody is refused.
bool spool::take_place() {
  const std::lock_guard guard(mutex_);
  if (waiting_ >= most_) waiting_ = count_waiting();
  if (waiting_ >= most_) return false;
  ++waiting_;
  return true;
}

void spool::give_place_back() noexcept {
  const std::lock_guard guard(mutex_);
  if (waiting_ > 0) --waiting_;
}

std::size_t spool::count_waiting() const { return ids_in(new_).size(); }

// What is locked is being written by another process.
void spool::remove_unfinished() const {
  for (const auto& id : ids_in(unfinished_)) {
    const file_descriptor file(::openat(unfinished_.number(), id.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
    if (file && lock(file)) ::unlinkat(unfinished_.number(), id.c_str(), 0);
  }
}
