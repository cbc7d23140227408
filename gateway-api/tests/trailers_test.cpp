#include <csgi/trailers.hpp>
#include <csgi/forwarding_exchange.hpp>
#include "recording_exchange.hpp"
#include <doctest/doctest.h>

using namespace csgi;

namespace {

struct refusing final : response_trailers {
  explicit refusing(std::errc with) : why(std::make_error_code(with)) {}
  bool wanted() const noexcept override { return true; }
  std::error_code announce(std::span<const std::string_view>) noexcept override { return why; }
  std::error_code set(std::span<const field>) noexcept override { return why; }
  std::error_code why;
};

/// An exchange that has these and nothing else behind its response.
struct exchange_with final : forwarding_exchange {
  exchange_with(exchange& next, response_trailers& given) : forwarding_exchange(next), trailers(&given) {}
  void* find(const extension_id& id) noexcept override { return id == response_trailers::id ? trailers : nullptr; }
  response_trailers* trailers;
};

std::string words_of(std::errc why, bool (*call)(exchange_handle)) {
  recording_exchange x(completion::inside);
  refusing trailers(why);
  exchange_with ex(x, trailers);
  try {
    call(exchange_handle(ex));
  } catch (const misuse& wrong) {
    CHECK(wrong.code() == why);
    return wrong.what();
  }
  return "nothing is wrong";
}

bool announce(exchange_handle ex) { return announce_trailers(ex, {"x-sum"}); }
bool set(exchange_handle ex) { return set_trailers(ex, {{"x-sum", "1"}}); }

}  // namespace

TEST_SUITE("trailers") {
TEST_CASE("where there is no place for them nothing happens, and that is told") {
  recording_exchange x(completion::inside);
  const exchange_handle ex(x);
  CHECK_FALSE(announce(ex));
  CHECK_FALSE(set(ex));
  CHECK(received_trailers(ex).empty());
}

TEST_CASE("what is refused is thrown, in words") {
  CHECK(words_of(std::errc::invalid_argument, announce).starts_with("announce_trailers: a name that no trailer may have"));
  CHECK(words_of(std::errc::operation_not_permitted, announce).starts_with("announce_trailers: the response is on its way"));
  CHECK(words_of(std::errc::invalid_argument, set).starts_with("set_trailers: a field that was not announced"));
  CHECK(words_of(std::errc::operation_not_permitted, set).starts_with("set_trailers: the response is finished"));
}
}
