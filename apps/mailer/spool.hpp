// spool.hpp - letters on their way, in a directory that outlives the process.
#pragma once
#include "letter.hpp"
#include <files/file_descriptor.hpp>
#include <mutex>
#include <optional>
#include <vector>

/// A letter that waits to be sent, and that nobody but the owner of this object is to send: its file is locked.
class spooled_letter {
 public:
  const std::string& id() const noexcept { return id_; }
  const letter& content() const noexcept { return content_; }

 private:
  friend class spool;
  spooled_letter(std::string id, letter content, file_descriptor locked)
      : id_(std::move(id)), content_(std::move(content)), locked_(std::move(locked)) {}

  std::string id_;
  letter content_;
  file_descriptor locked_;
};

enum class letter_state : unsigned char { waiting, sent };

/// Below its directory are new/, what waits to be sent; sent/; and tmp/, what is being written. A file is written to tmp/,
/// brought to the disk and then renamed, so that in new/ there are whole letters only, whenever the process or the machine
/// dies. Files are locked while somebody writes or sends them, so several processes may share a spool: one that ends slowly,
/// and the one that takes over.
///
/// Blocks:    every function.
/// Threads:   any, several at the same time.
class spool {
 public:
  /// Makes the directories that are not there, and removes what was never wholly written.
  ///
  /// Limits:    `most` letters that wait.
  /// Errors:    std::system_error.
  spool(const std::string& directory, std::size_t most);

  /// Keeps a letter: when this returns it survives everything. Nothing where too many wait.
  ///
  /// Errors:    std::system_error, std::bad_alloc: it is not kept.
  std::optional<spooled_letter> add(letter content);

  /// Errors:    std::system_error.
  void mark_sent(const spooled_letter& which);

  /// Removes it: nobody has promised to send it.
  void discard(const std::string& id) noexcept;

  /// The ids of those that wait, in no order.
  std::vector<std::string> waiting() const;

  /// A letter that waits. Nothing where it does not, or somebody has it.
  ///
  /// Errors:    std::system_error; std::runtime_error, where the file is no letter.
  std::optional<spooled_letter> claim(const std::string& id) const;

  /// Nothing where there is none of that id. Any text may be asked for.
  std::optional<letter_state> find(std::string_view id) const;

 private:
  file_descriptor begin_letter(std::string& id) const;
  bool take_place();
  void give_place_back() noexcept;
  std::size_t count_waiting() const;
  void remove_unfinished() const;

  const std::size_t most_;
  const file_descriptor top_, unfinished_, new_, sent_;

  std::mutex mutex_;                      // of what follows
  std::size_t waiting_ = 0;               // at least those of this process
};
