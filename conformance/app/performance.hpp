// performance.hpp - one request of the app suite: what is to happen, and what the app did.
#pragma once
#include <csgi/testing/memory_exchange.hpp>
#include "app_request.hpp"
#include "check.hpp"
#include "unframed.hpp"

namespace csgi::conformance {

/// How a request is played.
struct plan {
  enum class interruption : unsigned char { none, leaves_at_once, stopped_at_once, stopped_at_head, leaves_at_head, drained_at_head };

  const app_request* request = nullptr;
  std::string words = "as it is";                   ///< what is special about this run, for people
  testing::client_behaviour behaviour{.most_per_read = 64 * 1024};
  check suspect = check::survives;                  ///< what has failed when the process ends, or hangs
  std::vector<extension_id> hidden = {};
  testing::field_list fields = {};                  ///< beside the request's own
  testing::field_list trailers = {};                ///< the same
  std::optional<std::size_t> body_given = {};       ///< bytes of it, then the client closes its sending side
  interruption how = interruption::none;
  std::uint64_t most_bytes = 16 * 1024 * 1024;      ///< of the response, then its client leaves
};

/// What the client saw, to be compared.
struct played_answer {
  int status = 0;
  testing::field_list fields = {};
  std::uint64_t size = 0;
  std::uint64_t digest = 14'695'981'039'346'656'037U;   ///< of the body, or of a WebSocket's messages: FNV-1a
  bool whole = false;
  bool cut = false;                                     ///< by the suite: there was more of it than it takes

  bool operator==(const played_answer&) const = default;
};

/// In words: "200, 12 bytes".
std::string to_string(const played_answer& a);

struct performance {
  std::unique_ptr<testing::memory_exchange> exchange;
  bool async = false;
  bool same_choice = true;          ///< choose() gave the same app twice
  bool idle = false;                ///< it waited for what the client would never do, until that left
  bool endless = false;             ///< its client left it for that
  bool has_spoken = false;          ///< the client, on a WebSocket or what else the app upgrades to
  bool has_closed = false;          ///< the same
  unframed messages = {};           ///< what the app says on a WebSocket
  played_answer seen = {};
  std::string body = {};            ///< its beginning
  std::string threw = {};           ///< "" for nothing, and for routine

  const std::vector<std::string>& trace() const noexcept { return exchange->trace(); }
};

/// What happened, line by line.
std::string transcript_of(const plan& p, const performance& of);

}  // namespace csgi::conformance
