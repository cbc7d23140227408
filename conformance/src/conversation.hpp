// conversation.hpp - one run of a case: its connections, and what the probe notes under the case's key.
#pragma once
#include "outpouring.hpp"
#include "wire.hpp"
#include <csgi/conformance/case.hpp>
#include <list>

namespace csgi::conformance {

class conversation {
 public:
  /// Lifetime:  all borrowed; `key` is unique to the run.
  conversation(running_subject& server, const form& with, std::string key, patience& wait);

  /// Cuts the first send in two before this byte.
  void split_at(std::size_t byte) noexcept { split_ = byte; }

  /// Errors:    unmet.
  void perform(const step& s);

  /// At how many bytes the first send can be cut.
  std::size_t cuts() const noexcept { return cuts_; }

  const std::string& transcript() const noexcept { return wire_.transcript(); }

 private:
  void send(std::string_view bytes);
  void let_pass() const;
  void ask_meanwhile(const std::string& bytes, const expectation& wanted) const;
  void demand_refusal() const;
  void open_aside(const std::string& bytes, std::size_t connections);
  void demand_answers_aside(std::size_t at_least, const expectation& wanted);
  void shake_hands(const std::string& bytes, const expectation& wanted);
  void demand_message(const step& s);
  void demand_control(const step& s, bool behind_messages);
  void demand_closing(const step& s, bool behind_messages);
  server_frame next_control(bool behind_messages);
  void demand_end();
  std::string notes() const;
  void demand_note(const std::string& what, bool (*found)(const std::string& lines, const std::string& what)) const;
  void refuse_note(const std::string& what) const;
  std::string filled_in(std::string bytes) const;
  expectation filled_in(expectation wanted) const;

  running_subject& server_;
  const form& form_;
  std::string key_;
  patience& patience_;
  wire wire_;
  std::list<wire> aside_;
  std::list<outpouring> outpourings_;
  std::size_t split_ = 0;
  std::size_t cuts_ = 0;
};

}  // namespace csgi::conformance
