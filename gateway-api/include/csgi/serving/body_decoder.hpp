// csgi/serving/body_decoder.hpp - takes the framing off a request body.
#pragma once
#include <csgi/request.hpp>
#include <csgi/serving/rejection.hpp>
#include <memory>

namespace csgi { inline namespace v1 {

/// Gives a request's body bytes as views of what was received, whatever their framing, and stops at the body's end.
/// The same bytes give the same result however they are split over calls.
///
/// Threads:   one at a time.
/// Spec:      CSGI-HTTP-036 to CSGI-HTTP-045
class body_decoder {
 public:
  enum class state : unsigned char {
    data,       ///< there are body bytes in `data`
    more,       ///< everything was consumed, and the body goes on
    end,        ///< the body is over; what was not consumed belongs to the next request
    rejected,   ///< the framing is broken or `limit` is exceeded: see why()
  };
  struct step {
    state now;
    std::size_t consumed;       ///< bytes of the input done with, framing and data
    std::string_view data;      ///< within them
  };

  body_decoder();
  ~body_decoder();
  body_decoder(const body_decoder&) = delete;
  body_decoder& operator=(const body_decoder&) = delete;

  /// Begins another body. `length` is meaningful when it is not chunked; a chunked one may give at most `limit` bytes.
  void reset(bool chunked, std::uint64_t length, std::uint64_t limit) noexcept;

  /// Goes on with what was received after the last step's consumed bytes. Gives `end` again once it is over.
  step decode(std::string_view received) noexcept;

  /// Whether the whole body, its last framing byte included, was consumed.
  bool over() const noexcept;

  /// Body bytes still to come; known for a body with a length only, else the limit's rest.
  std::uint64_t rest() const noexcept;

  /// The fields behind a chunked body; none before it is over. The views live until the next reset.
  std::span<const field> trailers() const noexcept;

  /// 400, 413, or 503 where memory is short. Requires: rejected.
  rejection why() const noexcept;

 private:
  struct implementation;
  std::unique_ptr<implementation> self_;
};

}}  // namespace csgi::v1
