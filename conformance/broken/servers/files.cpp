// files.cpp - servers that send other bytes of a file than they should, or of another file.
#include "views.hpp"
#include <algorithm>
#include <csgi/file_sender.hpp>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace csgi::conformance {

namespace {

constexpr auto narrow = broken_server::reach::narrow;

/// An exchange whose files are sent in a way of its own.
template <class Sender>
class file_view final : public forwarding_exchange {
 public:
  explicit file_view(exchange& outer) noexcept
      : forwarding_exchange(outer), sender_(outer, static_cast<file_sender*>(outer.find(file_sender::id))) {}
  void* find(const extension_id& id) noexcept override {
    return id == file_sender::id ? static_cast<file_sender*>(&sender_) : next().find(id);
  }
  begun begin_write(write_op& op) noexcept override {
    sender_.before_write();
    return next().begin_write(op);
  }

 private:
  Sender sender_;
};

class sender : public file_sender {
 public:
  sender(exchange& outer, file_sender* next) noexcept : outer_(outer), next_(next) {}
  void before_write() noexcept {}

 protected:
  ~sender() = default;
  exchange& outer_;
  file_sender* const next_;
};

struct never_last final : sender {
  using sender::sender;
  begun begin_send_file(file_op& op) noexcept override {
    op.then = ending::more;
    return next_->begin_send_file(op);
  }
};

struct seeking final : sender {
  using sender::sender;
  begun begin_send_file(file_op& op) noexcept override {
    ::lseek(op.descriptor, static_cast<off_t>(op.offset), SEEK_SET);
    return next_->begin_send_file(op);
  }
};

/// A file is sent with the next write, whatever file that is by then. Of a blocking app, so that it completes at once.
struct keeping_descriptors final : sender {
  using sender::sender;
  begun begin_send_file(file_op& op) noexcept override {
    if (op.then == ending::finish) return next_->begin_send_file(op);
    kept_ = op;
    op.error = {};
    return begun::completed;
  }
  void before_write() noexcept {
    if (kept_) next_->begin_send_file(*kept_);
    kept_.reset();
  }
  std::optional<file_op> kept_;
};

struct content_with_less final : sender {
  using sender::sender;
  begun begin_send_file(file_op& op) noexcept override {
    struct stat file {};
    if (::fstat(op.descriptor, &file) == 0 && S_ISREG(file.st_mode))
      op.count = std::min(op.count, static_cast<std::uint64_t>(file.st_size) - op.offset);
    return next_->begin_send_file(op);
  }
};

/// Of a blocking app, so that the write completes at once.
struct making_files_up final : sender {
  using sender::sender;
  begun begin_send_file(file_op& op) noexcept override {
    if ((::fcntl(op.descriptor, F_GETFL) & O_ACCMODE) != O_WRONLY) return next_->begin_send_file(op);
    write_op instead;
    const std::string bytes(op.count, 'x');
    instead.data = bytes;
    instead.then = op.then;
    outer_.begin_write(instead);
    op.error = instead.error;
    return begun::completed;
  }
};

}  // namespace

broken_servers with_broken_files() {
  return {
      {"never_ends_with_a_file", {"CSGI-EXT-021"}, seen_as<file_view<never_last>>(), {"CSGI-EXT-022", "CSGI-EXT-024"}},
      {"moves_positions_of_files", {"CSGI-EXT-022"}, seen_as<file_view<seeking>>()},
      {.name = "keeps_descriptors", .breaks = {"CSGI-EXT-023"},
       .make = seen_as<file_view<keeping_descriptors>>(), .judged = narrow, .blocking = true},
      {"is_content_with_less_of_a_file", {"CSGI-EXT-024"}, seen_as<file_view<content_with_less>>()},
      {.name = "makes_files_up", .breaks = {"CSGI-EXT-025"}, .make = seen_as<file_view<making_files_up>>(), .blocking = true},
  };
}

}  // namespace csgi::conformance
