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

  /// Notes "over" when finish hooks run.
  void note_end() const {
    if (ex.find<finish_hooks>() == nullptr) return;
    ex.on_finish([kept = &book, of = key](const outcome&) { kept->add(of, "over"); });
  }
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
behaviour find_around_response_behaviour(std::string_view path) noexcept;
behaviour find_bridge_behaviour(std::string_view path) noexcept;
behaviour find_draining_behaviour(std::string_view path) noexcept;
behaviour find_body_behaviour(std::string_view path) noexcept;
behaviour find_fault_behaviour(std::string_view path) noexcept;
behaviour find_observing_behaviour(std::string_view path) noexcept;
behaviour find_hook_behaviour(std::string_view path) noexcept;
behaviour find_operation_behaviour(std::string_view path) noexcept;
behaviour find_playing_behaviour(std::string_view path) noexcept;

/// The number that the query is, or begins with.
std::uint64_t number_in(std::string_view query) noexcept;

/// Bytes that are easily recognised when some are missing: the letters from a to w, again and again.
std::string pattern(std::size_t size);

/// "bad_message", where the interface has a name for it.
std::string name_of(std::error_code code);
std::string name_of(phase p);

}  // namespace csgi::conformance
