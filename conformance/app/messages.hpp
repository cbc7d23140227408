// messages.hpp - what the process that runs the app tells the one that judges it.
#pragma once
#include <atomic>
#include <mutex>
#include <optional>
#include "guarded_memory.hpp"
#include "verdicts.hpp"

namespace csgi::conformance {

/// Where the app is, for when its process ends without a word. In memory of both.
struct whereabouts {
  std::atomic<bool> in_app{false};          ///< of its requests; else in its making, start or end
  std::atomic<bool> plain{false};           ///< the request is played as it is
  std::atomic<check> suspect{check::survives};
  std::atomic<std::size_t> step{0};         ///< of the agenda
  std::atomic<std::size_t> played{0};
  std::atomic<guarded_memory::purpose> touched{guarded_memory::purpose::none};
  std::atomic<bool> touched_ended{false};
  char form[256] = {};
  char words[512] = {};

  void say(const std::string& form, const std::string& words) noexcept;
};

struct message {
  enum class kind : unsigned char { finding, note, unfit, step, done };

  kind what{};
  app_finding finding = {};
  std::string text = {};        ///< of a note, or why the plug-in is unfit
};

/// Sends messages through a pipe. Passes are told once for each check and form, failures once.
///
/// Threads:   any.
class messenger final : public app_verdicts {
 public:
  explicit messenger(int pipe) noexcept : pipe_(pipe) {}

  void pass(check what, const std::string& form) override { tell({what, form, verdict::pass, {}, {}}); }
  void fail(check what, const std::string& form, const std::string& reason, const std::string& transcript) override {
    tell({what, form, verdict::fail, reason, transcript});
  }
  void not_applicable(check what, const std::string& form, const std::string& reason) override {
    tell({what, form, verdict::not_applicable, reason, {}});
  }
  void note(const std::string& text) override { send({message::kind::note, {}, text}); }
  void send(const message& m);

 private:
  void tell(const app_finding& f);

  const int pipe_;
  std::mutex mutex_;
  std::vector<std::pair<check, std::string>> told_[2];    // passes, failures
};

/// Reads them at the other end.
class mailbox {
 public:
  explicit mailbox(int pipe) noexcept : pipe_(pipe) {}

  /// The next one; none when the other end is closed, or nothing has come for `patience`.
  std::optional<message> next(std::chrono::milliseconds patience);

  /// Whether the other end is closed.
  bool closed() const noexcept { return closed_; }

 private:
  bool fill(std::chrono::milliseconds patience);

  const int pipe_;
  bool closed_ = false;
  std::string bytes_;
};

}  // namespace csgi::conformance
