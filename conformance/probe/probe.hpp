// probe.hpp - the app that the server suite commands by path: one definition for both kinds.
#pragma once
#include "notes.hpp"
#include <csgi/app.hpp>
#include <csgi/middleware.hpp>

namespace csgi::conformance {

/// One request to the probe.
struct visit {
  async_exchange ex;
  notes& book;
  std::string key;          ///< of the case, from the field X-Case
  bool blocking;

  void note(std::string what) const { book.add(key, std::move(what)); }
};

/// Runs the behaviour that the request's tail names. Around a blocking exchange every await completes at once, and
/// operations that two of a kind need are begun on the exchange itself.
task<> answer(async_exchange ex, notes& book, bool blocking);

class async_probe final : public async_app {
 public:
  explicit async_probe(notes& book) noexcept : book_(book) {}
  task<> http(async_exchange ex) override { return answer(ex, book_, false); }

 private:
  notes& book_;
};

class blocking_probe final : public blocking_app {
 public:
  explicit blocking_probe(notes& book) noexcept : book_(book) {}
  void http(blocking_exchange ex) override { drive(answer(async_exchange(ex.raw()), book_, true)); }

 private:
  notes& book_;
};

using behaviour = task<> (*)(visit);

/// The behaviour of that path, or null. Each file of behaviours has its own table.
behaviour find_response_behaviour(std::string_view path) noexcept;
behaviour find_body_behaviour(std::string_view path) noexcept;
behaviour find_fault_behaviour(std::string_view path) noexcept;
behaviour find_observing_behaviour(std::string_view path) noexcept;

/// The number that the query is, or begins with.
std::uint64_t number_in(std::string_view query) noexcept;

/// Bytes that are easily recognised when some are missing.
std::string pattern(std::size_t size);

}  // namespace csgi::conformance
