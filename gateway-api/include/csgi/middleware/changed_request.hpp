// csgi/middleware/changed_request.hpp - a view with another request: its head, its body, or both.
#pragma once
#include <csgi/forwarding_exchange.hpp>
#include <string>

namespace csgi { inline namespace v1 {

/// What follows the bytes that were put in front of a body.
enum class body_rest : unsigned char {
  none,         ///< the end: they replace the body
  unread,       ///< what is still to be read: they were read already, and are given back
};

/// The request as the server saw it, where a middleware shows the app another one.
struct original_request {
  static constexpr extension_id id{"csgi.original_request", touches::nothing};

  const request* head = nullptr;
};

/// Change the head and body before the app is awaited with it; the outer head stays as it is.
///
///   csgi::changed_request view(ex.raw());
///   view.change().scheme = "https";
///   co_await app(csgi::async_exchange(view));
///
/// A change of path or root_path keeps path == root_path + tail(). The app finds the outer head as original_request.
/// Lifetime:  in the frame of the middleware that awaits the inner app; what the head's views point to lives as long.
/// Spec:      CSGI-CORE-060, CSGI-CORE-067, CSGI-EXT-009
class changed_request final : public forwarding_exchange {
 public:
  explicit changed_request(exchange& next) noexcept : forwarding_exchange(next), head_(next.head()) {}

  /// The copy that the app sees.
  request& change() noexcept { return head_; }

  /// Gives the app these bytes first. With body_rest::none the head says so; its fields are left as they are.
  ///
  /// Requires:  before the app is awaited.
  void put_body(std::string bytes, body_rest then) noexcept {
    bytes_ = std::move(bytes);
    put_ = !bytes_.empty();
    rest_ = then;
    if (then == body_rest::unread) return;
    head_.body = bytes_.empty() ? body_kind::none : body_kind::known;
    head_.content_length = bytes_.size();
  }

  const request& head() const noexcept override { return head_; }

  begun begin_read(read_op& op) noexcept override {
    if (next().phase() >= phase::finished) return next().begin_read(op);      // which refuses it
    if (!put_ && rest_ == body_rest::unread) return next().begin_read(op);
    op.error = no_error;
    op.chunk = put_ ? std::string_view(bytes_) : std::string_view();
    put_ = false;
    return begun::completed;
  }

  void* find(const extension_id& id) noexcept override {
    if (id.what == touches::request) return nullptr;
    void* const outer = next().find(id);
    return id == original_request::id && !outer ? &original_ : outer;
  }

 private:
  original_request original_{&next().head()};
  request head_;
  std::string bytes_;
  bool put_ = false;
  body_rest rest_ = body_rest::unread;
};

}}  // namespace csgi::v1
