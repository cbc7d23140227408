// csgi/description.hpp - what an app is made of, told to people.
#pragma once
#include <csgi/application.hpp>
#include <typeinfo>

namespace csgi { inline namespace v1 {

enum class stage_kinds : unsigned char;

/// A stage of a chain, and what was planned for it.
struct planned_stage {
  std::string_view name;            ///< empty: it has none but its type's
  const std::type_info* type;
  stage_kinds can;
  app_kind planned;
};

/// A stage is known by its member `name`, or else by the class that it was made of, its member type `described_as`, or else by
/// its own type.
///
/// Lifetime:  the stage's.
template <class Stage>
planned_stage planned(const Stage& stage, stage_kinds can, app_kind kind) noexcept {
  planned_stage told{{}, &typeid(Stage), can, kind};
  if constexpr (requires { std::string_view(stage.name); }) told.name = stage.name;
  else if constexpr (requires { std::string_view(Stage::described_as::name); }) told.name = Stage::described_as::name;
  else if constexpr (requires { typename Stage::described_as; }) told.type = &typeid(typename Stage::described_as);
  return told;
}

/// Takes down what a described app tells of itself. The apps it is told of may be described too.
class description {
 public:
  /// Requests below `prefix` go to `app`; those that no prefix takes to the one told with an empty prefix.
  virtual void mount(std::string_view prefix, application app) = 0;

  /// Requests go to `app`. Those that an app of the kind `answered_by` answers pass these stages before, the outermost first;
  /// between neighbours of different kinds there is a bridge. Told once for each such kind, where both may be.
  virtual void stages(std::span<const planned_stage> passed, app_kind answered_by, application app) = 0;

  /// Requests go to `app`, by a bridge.
  virtual void bridge(application app) = 0;

 protected:
  ~description() = default;
};

/// An app that can tell what it is made of. It derives from this too.
class described {
 public:
  /// Threads:   any, while the app is not changed.
  virtual void describe(description& to) const = 0;

 protected:
  ~described() = default;
};

/// What `app` tells of itself, or null.
inline const described* described_by(application app) noexcept {
  switch (app.kind()) {
    case app_kind::blocking: return dynamic_cast<const described*>(&app.blocking());
    case app_kind::async: return dynamic_cast<const described*>(&app.async());
    case app_kind::composite: return dynamic_cast<const described*>(&app.composite());
  }
  return nullptr;
}

}}  // namespace csgi::v1
