// csgi/chain_way.hpp - the stages of a chain one behind the other, for apps of one kind: see chain.
#pragma once
#include <csgi/as_async.hpp>
#include <csgi/as_blocking.hpp>
#include <csgi/chain_plan.hpp>
#include <tuple>

namespace csgi { inline namespace v1 {

/// A stage and what comes next, as an app.
template <class Stage, app_kind Kind>
class chain_link;

template <class Stage>
class chain_link<Stage, app_kind::async> final : public async_app, public stand_in {
 public:
  chain_link(const Stage& stage, application next) noexcept : stage_(stage), next_(next) {}
  application behind(request&) const noexcept override { return next_; }
  task<> http(async_exchange ex) override { return stage_(ex, next_app(next_, app_kind::async)); }

 private:
  const Stage& stage_;
  application next_;
};

template <class Stage>
class chain_link<Stage, app_kind::blocking> final : public blocking_app, public stand_in {
 public:
  chain_link(const Stage& stage, application next) noexcept : stage_(stage), next_(next) {}
  application behind(request&) const noexcept override { return next_; }
  void http(blocking_exchange ex) override {
    const next_app next(next_, app_kind::blocking);
    if constexpr (blocking_stage<Stage>) stage_(ex, next);
    else drive(stage_(async_exchange(ex.raw()), next));
  }

 private:
  const Stage& stage_;
  application next_;
};

/// Between the last stage and the app there may be a bridge, which leads to an app of one kind: this one then, for a composite.
struct no_stage {
  task<> operator()(async_exchange ex, next_app app) const { return app(ex); }
  void operator()(blocking_exchange ex, next_app app) const { app(ex); }
};

struct no_bridge {
  template <class App>
  explicit no_bridge(App&) noexcept {}
};

template <class Parts, std::size_t... Stage>
constexpr std::array<stage_kinds, sizeof...(Stage)> kinds_of_stages(std::index_sequence<Stage...>) noexcept {
  return {kinds_of<std::tuple_element_t<Stage, Parts>>()...};
}

/// The plan of a chain of `Parts`, stages and last the app, for requests that an app of kind `Leaf` answers.
template <class Parts, app_kind Leaf>
inline constexpr auto plan_of =
    plan_chain(kinds_of_stages<Parts>(std::make_index_sequence<std::tuple_size_v<Parts> - 1>()), Leaf);

/// The way from stage `I` on to the app at the end of `Parts`.
template <class Parts, app_kind Leaf, std::size_t I = 0>
class chain_way {
 public:
  /// Lifetime:  the parts are borrowed.
  chain_way(const Parts& parts, application app) noexcept
      : inside_(parts, app), bridge_(inside_.link()), link_(std::get<I>(parts), next()) {}
  chain_way(const chain_way&) = delete;
  chain_way& operator=(const chain_way&) = delete;

  auto& link() noexcept { return link_; }
  application first() noexcept { return link_; }

 private:
  static constexpr app_kind kind = plan_of<Parts, Leaf>.kinds[I];
  static constexpr bool bridged = kind != plan_of<Parts, Leaf>.kinds[I + 1];
  using bridge = std::conditional_t<kind == app_kind::async, as_async, as_blocking>;

  application next() noexcept {
    if constexpr (bridged) return bridge_;
    else return inside_.first();
  }

  chain_way<Parts, Leaf, I + 1> inside_;
  [[no_unique_address]] std::conditional_t<bridged, bridge, no_bridge> bridge_;
  chain_link<std::tuple_element_t<I, Parts>, kind> link_;
};

template <class Parts, app_kind Leaf, std::size_t I>
  requires(I + 1 == std::tuple_size_v<Parts>)
class chain_way<Parts, Leaf, I> {
 public:
  chain_way(const Parts&, application app) noexcept : app_(app), link_(pass_on, app) {}
  chain_way(const chain_way&) = delete;
  chain_way& operator=(const chain_way&) = delete;

  auto& link() noexcept { return link_; }
  application first() noexcept { return app_; }

 private:
  static constexpr no_stage pass_on{};

  application app_;
  chain_link<no_stage, Leaf> link_;
};

}}  // namespace csgi::v1
