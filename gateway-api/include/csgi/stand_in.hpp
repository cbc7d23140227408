// csgi/stand_in.hpp - how to find the app behind what was put in its place.
#pragma once
#include <csgi/application.hpp>

namespace csgi { inline namespace v1 {

/// An app that has another one answer, as the sides of a middleware do. It derives from this too.
class stand_in {
 public:
  /// The app that answers in the end, or another one that stands for it. `head` becomes what that is shown, as far as it
  /// is known before the request begins.
  virtual application behind(request& head) const noexcept = 0;

 protected:
  ~stand_in() = default;
};

/// The app that answers this request when all stand-ins have been passed.
inline application last_app(application app, request head) noexcept {
  for (;;) {
    app = app.resolve(head);
    const auto* const other = app.kind() == app_kind::async ? dynamic_cast<const stand_in*>(&app.async())
                                                            : dynamic_cast<const stand_in*>(&app.blocking());
    if (!other) return app;
    app = other->behind(head);
  }
}

}}  // namespace csgi::v1
