// post_office.hpp - takes letters in, and sends them behind the requests that brought them.
#pragma once
#include "carrier.hpp"
#include "settings.hpp"
#include "spool.hpp"
#include <atomic>
#include <csgi/server_context.hpp>
#include <memory>

/// What both forms of the mailer share.
///
/// A letter that was taken in is sent at least once: now, after pauses where it cannot be delivered, or by who opens the spool
/// next. Twice, where the process dies between delivering it and noting so.
/// Threads:   any, several at the same time.
class post_office {
 public:
  /// Errors:    std::system_error.
  post_office(const settings& given, std::unique_ptr<carrier> by);

  /// Begins to send, in the background, what an earlier process has left behind; for the app's startup.
  ///
  /// Lifetime:  `server` until the app's shutdown has ended.
  void open(csgi::server_context& server);

  /// No letter is tried again from now on: for the app's draining.
  void drain() noexcept { draining_ = true; }

  /// Keeps a letter, and begins to send it in the background. Its id.
  ///
  /// Blocks:    until it is on the disk.
  /// Errors:    csgi::http_error(503) with Retry-After, where too many letters wait, or too much runs in the background;
  ///            std::system_error.
  std::string take_in(const letter& l);

  /// Blocks:    a little.
  std::optional<letter_state> state_of(std::string_view id) const { return spool_.find(id); }

 private:
  static csgi::task<> send(post_office& self, const spooled_letter& which);
  static csgi::task<> send_left(post_office& self);
  static csgi::task<> send_left_one(post_office& self, std::string id, unsigned attempt, std::vector<std::string>& failed);
  static csgi::task<bool> try_to_send(post_office& self, const spooled_letter& which, unsigned attempt);
  static csgi::task<bool> pause(post_office& self, unsigned attempt);
  bool tries_again(unsigned attempt) const noexcept;
  void tell(const std::string& id, unsigned attempt, const char* why);

  spool spool_;
  const std::unique_ptr<carrier> carrier_;
  csgi::server_context* server_ = nullptr;
  std::atomic<bool> draining_{false};
};
