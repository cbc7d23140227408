// csgi/stage.hpp - a stage of middleware: what it is called with, the kinds it can be run in, and its name.
#pragma once
#include <concepts>
#include <csgi/middleware.hpp>

namespace csgi { inline namespace v1 {

/// The kinds of app that a stage can stand around without a bridge.
///
/// A stage is a function, a lambda or an object that can be called, also when it is const, and from several threads at the
/// same time, as one of these or as both:
///
///   csgi::task<> operator()(csgi::async_exchange ex, csgi::next_app app) const;
///   void operator()(csgi::blocking_exchange ex, csgi::next_app app) const;
///
/// The coroutine alone serves both kinds, since it awaits nothing but its exchange and the next app: see drive(). One that
/// awaits more, as a timer or another thread, has to say so in its class, or by named():
///
///   static constexpr auto kinds = csgi::stage_kinds::async;
///
/// The plain function may block, and serves blocking apps. Of a stage that has both, each serves its kind.
/// Spec:      CSGI-CORE-059, CSGI-CORE-082
enum class stage_kinds : unsigned char { blocking, async, both };

template <class Stage>
concept coroutine_stage = requires(const Stage& stage, async_exchange ex, next_app app) {
  { stage(ex, app) } -> std::same_as<task<>>;
};

template <class Stage>
concept blocking_stage = requires(const Stage& stage, blocking_exchange ex, next_app app) {
  { stage(ex, app) } -> std::same_as<void>;
};

/// What `Stage` says of itself, or else what it can be called as.
template <class Stage>
constexpr stage_kinds kinds_of() noexcept {
  static_assert(coroutine_stage<Stage> || blocking_stage<Stage>,
                "a stage is called, const, as csgi::task<>(csgi::async_exchange, csgi::next_app) or as "
                "void(csgi::blocking_exchange, csgi::next_app)");
  if constexpr (requires { Stage::kinds; }) {
    static_assert(std::same_as<decltype(Stage::kinds), const stage_kinds>,
                  "a stage's kinds look like: static constexpr auto kinds = csgi::stage_kinds::async;");
    static_assert(Stage::kinds == stage_kinds::blocking || coroutine_stage<Stage>,
                  "a stage for async apps is a coroutine: csgi::task<>(csgi::async_exchange, csgi::next_app)");
    return Stage::kinds;
  } else {
    return coroutine_stage<Stage> ? stage_kinds::both : stage_kinds::blocking;
  }
}

/// See named().
template <stage_kinds Kinds, class Stage>
class named_stage {
 public:
  static constexpr stage_kinds kinds = Kinds;

  named_stage(std::string_view known_as, Stage stage) : name(known_as), stage_(std::move(stage)) {}

  task<> operator()(async_exchange ex, next_app app) const requires coroutine_stage<Stage> { return stage_(ex, app); }
  void operator()(blocking_exchange ex, next_app app) const requires blocking_stage<Stage> { stage_(ex, app); }

  std::string_view name;

 private:
  Stage stage_;
};

/// A stage with a name for people: functions and lambdas have none of their own, classes can have a member
/// `static constexpr std::string_view name`. And with the kinds that are given:
///
///   csgi::named("audit", write_audit)
///   csgi::named<csgi::stage_kinds::async>("slow down", [](csgi::async_exchange ex, csgi::next_app app) -> csgi::task<> { … })
///
/// Lifetime:  `name` as long as the stage.
template <stage_kinds Kinds, class Stage>
named_stage<Kinds, Stage> named(std::string_view name, Stage stage) {
  return {name, std::move(stage)};
}
template <class Stage>
named_stage<kinds_of<Stage>(), Stage> named(std::string_view name, Stage stage) {
  return {name, std::move(stage)};
}

}}  // namespace csgi::v1
