// csgi/chain.hpp - an app with stages of middleware around it.
#pragma once
#include <csgi/chain_way.hpp>
#include <csgi/description.hpp>
#include <csgi/plugin.hpp>

namespace csgi { inline namespace v1 {

template <class Part>
concept app_part = std::same_as<Part, application> || std::derived_from<std::remove_reference_t<Part>, blocking_app> ||
                   std::derived_from<std::remove_reference_t<Part>, async_app> ||
                   std::derived_from<std::remove_reference_t<Part>, composite_app>;

/// An app that was given by a name is borrowed, everything else is the chain's own.
template <class Given>
using chain_part = std::conditional_t<app_part<Given> && std::is_lvalue_reference_v<Given>, Given, std::decay_t<Given>>;

/// An app behind stages of middleware (see stage_kinds), in the order in which a request passes them, and the app last:
///
///   csgi::chain app{csgi::errors(), csgi::timing(), legacy_login(), csgi::gzip(), shop};
///
/// borrows `shop`. As a type it owns all of them, which exports a plug-in; what is given to it is for the app:
///
///   using shop_online = csgi::chain<csgi::errors, legacy_login, csgi::gzip, shop>;
///   CSGI_EXPORT_APP(shop_online)
///
/// It is planned when it is compiled, by plan_chain(), once for each kind that the app's answers can have: as_async or
/// as_blocking where neighbours differ, and nothing where they don't. The first stage's kind is the chain's, so that a chain may
/// be of another kind than its app; one inside another is planned as if the two were one. Startup, draining and shutdown
/// reach the app.
/// Memory:    nothing is allocated for a request but the frames of the stages, and what bridges need.
/// Requires:  csgi::support, where there is a bridge.
/// Spec:      CSGI-BRIDGE-022
template <class... Parts>
class chain final : public composite_app, public described {
  using all = std::tuple<Parts...>;
  static_assert(sizeof...(Parts) > 1, "a chain has a stage, or several, and an app");
  static constexpr std::size_t stage_count = sizeof...(Parts) - 1;
  using app_type = std::tuple_element_t<stage_count, all>;
  static_assert(app_part<app_type>, "the last part of a chain is the app that its stages stand around");
  using leaf = std::remove_reference_t<app_type>;

  static constexpr bool may_be_async = !std::derived_from<leaf, blocking_app>;
  static constexpr bool may_be_blocking = !std::derived_from<leaf, async_app>;
  using each_stage = std::make_index_sequence<stage_count>;

 public:
  explicit chain(std::type_identity_t<Parts>... parts) : parts_(std::forward<Parts>(parts)...) {}
  chain() requires(std::default_initializable<Parts> && ...) : parts_() {}

  /// With stages as they are without settings.
  explicit chain(std::type_identity_t<app_type> app) : chain(std::forward<app_type>(app), each_stage()) {}
  explicit chain(arguments given) requires std::constructible_from<leaf, arguments> : chain(given, each_stage()) {}

  chain(const chain&) = delete;
  chain& operator=(const chain&) = delete;

  application choose(const request& head) noexcept override {
    if constexpr (!may_be_blocking) return to_async_.first();
    else if constexpr (!may_be_async) return to_blocking_.first();
    else return app_.resolve(head).kind() == app_kind::async ? to_async_.first() : to_blocking_.first();
  }

  std::span<const application> parts() const noexcept override { return {&app_, 1}; }

  void describe(description& to) const override {
    if constexpr (may_be_async) describe_way<app_kind::async>(to, each_stage());
    if constexpr (may_be_blocking) describe_way<app_kind::blocking>(to, each_stage());
  }

  /// How many bridges a request passes that an app of kind `answered_by` answers.
  static constexpr std::size_t switches(app_kind answered_by) noexcept {
    if (answered_by == app_kind::async) return plan_of<all, app_kind::async>.switches();
    return plan_of<all, app_kind::blocking>.switches();
  }

 private:
  struct no_way {
    no_way(const all&, application) noexcept {}
  };
  template <app_kind Leaf, bool Needed>
  using way = std::conditional_t<Needed, chain_way<all, Leaf>, no_way>;

  template <class App, std::size_t... Stage>
  chain(App&& app, std::index_sequence<Stage...>) : parts_(std::tuple_element_t<Stage, all>()..., std::forward<App>(app)) {}

  template <app_kind Leaf, std::size_t... Stage>
  void describe_way(description& to, std::index_sequence<Stage...>) const {
    constexpr auto& plan = plan_of<all, Leaf>;
    constexpr auto can = kinds_of_stages<all>(each_stage());
    const planned_stage passed[] = {planned(std::get<Stage>(parts_), can[Stage], plan.kinds[Stage])...};
    to.stages(passed, Leaf, app_);
  }

  all parts_;
  application app_{std::get<stage_count>(parts_)};
  [[no_unique_address]] way<app_kind::async, may_be_async> to_async_{parts_, app_};
  [[no_unique_address]] way<app_kind::blocking, may_be_blocking> to_blocking_{parts_, app_};
};

template <class... Given>
chain(Given&&...) -> chain<chain_part<Given>...>;

}}  // namespace csgi::v1
