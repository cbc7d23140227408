// csgi/testing/misdeed.hpp - what an app did that its side of the contract forbids, though nothing broke by it.
#pragma once
#include <string>

namespace csgi::testing {

enum class misuse : unsigned char {
  after_end,        ///< the exchange was used when the app was done with it
  in_hook,          ///< the same, by a finish hook
  in_background,    ///< the same, by an app that had asked for the background
  other_thread,     ///< a call on a thread that is neither the handler's nor the executor's
  begun_again,      ///< an operation that was pending
  out_of_turn,      ///< refused with operation_not_permitted or operation_in_progress
  bad_head,         ///< one that start() refused
  wrong_length,     ///< of the body: not the declared one
  unwanted_body,    ///< bytes for a status that has no body
  bad_hint,         ///< an informational response that begin_inform() refused
  bad_trailers,     ///< such as announce() or set() refused
  bad_upgrade,      ///< to a protocol, or with fields, that begin_upgrade() refused
  bad_words,        ///< of a WebSocket: what accept, send or close refused
};

struct misdeed {
  misuse what;
  std::string words;    ///< what was called, and when

  bool operator==(const misdeed&) const = default;
};

}  // namespace csgi::testing
