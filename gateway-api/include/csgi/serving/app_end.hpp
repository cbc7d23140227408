// csgi/serving/app_end.hpp - what a server does about a response when its app is done, well or badly.
#pragma once
#include <csgi/exchange.hpp>
#include <exception>
#include <string>

namespace csgi { inline namespace v1 {

/// What a server knows by then.
struct app_end_facts {
  csgi::phase phase = phase::open;          ///< the response's
  std::exception_ptr failure{};             ///< what the app threw; null: nothing
  std::error_code lost{};                   ///< why the connection is of no use any more; none: it is
  std::error_code aborted{};                ///< why the response was aborted, where it was
  bool sent = false;                        ///< the response is whole, and all of it was handed over
  bool peer_closed = false;                 ///< the peer has closed its sending side
  bool cancelled = false;                   ///< the server wanted the request to end
  bool body_stalled = false;                ///< a read has failed with timed_out
  int bad_body = 0;                         ///< what a malformed, cut-short or too large body is answered with; 0: it is none
};

/// What is to be done.
struct app_end {
  enum class action : unsigned char {
    leave,      ///< the response is as it should be, as far as it depends on the app
    abort,      ///< the response will not be whole, because of `why`
    answer,     ///< nothing was committed: the server answers with `status`, a head that was started is forgotten
  };

  action then = action::leave;
  int status = 0;
  std::error_code why{};
  bool close = false;           ///< the connection serves nothing more
  std::string fault;            ///< for the operator: what the app has done; empty: it has done right
};

/// Whether there is nothing to be done, whatever else is known: so for all but a few.
inline bool ended_well(csgi::phase phase, const std::exception_ptr& failure, std::error_code lost) noexcept {
  return phase == csgi::phase::finished && !failure && !lost;
}

/// Threads:   any.
/// Errors:    std::bad_alloc, which is for the server to take for a reason to abort.
/// Spec:      CSGI-CORE-040, CSGI-CORE-041, CSGI-HTTP-042, CSGI-HTTP-091 to CSGI-HTTP-096, CSGI-BRIDGE-009
app_end judge_end(const app_end_facts& facts);

/// The code of what was thrown; io_error where it has none, and where nothing was thrown.
std::error_code code_of(const std::exception_ptr& failure) noexcept;

/// The words of whatever was thrown. Requires: failure.
std::string what_of(const std::exception_ptr& failure);

/// "threw ", and these words.
std::string describe(const std::exception_ptr& failure);

}}  // namespace csgi::v1
