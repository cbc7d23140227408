// views.hpp - what stands between a sound server and its app, and shows it another exchange: a server whose fault is in a call.
#pragma once
#include "../server_around.hpp"
#include "broken_server.hpp"
#include <csgi/chain.hpp>
#include <csgi/forwarding_exchange.hpp>
#include <deque>
#include <optional>
#include <tuple>
#include <vector>

namespace csgi::conformance {

/// A server with a stage around its app.
template <class Stage>
faulty_server behind(Stage stage) {
  return [stage](const server_options& options, sound_server sound) {
    return std::make_unique<server_around>(sound(options), [stage](csgi::server& inner, application app) {
      chain with{stage, app};
      inner.run(with);
    });
  };
}

/// A server whose app sees a View of each exchange, constructed from that and `with`.
template <class View, class... With>
struct view_stage {
  std::tuple<With...> with;

  task<> operator()(async_exchange ex, next_app app) const {
    std::optional<View> view;
    std::apply([&](const auto&... each) { view.emplace(ex.raw(), each...); }, with);
    co_await app(async_exchange(*view));
  }
};

template <class View, class... With>
faulty_server seen_as(With... with) {
  return behind(view_stage<View, With...>{{with...}});
}

/// Fields that can be changed, and memory for what is new in them.
struct altered_fields {
  std::vector<csgi::field> list;
  std::deque<std::string> kept = {};

  std::string_view keep(std::string bytes) { return kept.emplace_back(std::move(bytes)); }
  void remove(std::string_view name) {
    std::erase_if(list, [name](const csgi::field& f) { return same_name(f.name, name); });
  }
};

/// A request's head, to be changed.
struct altered_request : csgi::request, altered_fields {
  explicit altered_request(const csgi::request& was)
      : csgi::request(was), altered_fields{{was.fields.begin(), was.fields.end()}} {}
  altered_request(const altered_request&) = delete;
  altered_request& operator=(const altered_request&) = delete;
};

/// An exchange whose request's head is not as it came.
class told_view final : public forwarding_exchange {
 public:
  told_view(exchange& outer, void (*alter)(altered_request&)) : forwarding_exchange(outer), head_(outer.head()) {
    alter(head_);
    head_.fields = head_.list;
  }
  const csgi::request& head() const noexcept override { return head_; }

 private:
  altered_request head_;
};

/// What the relay has, too.
inline server_around::serve told(void (*alter)(altered_request&)) {
  return [alter](csgi::server& inner, application app) {
    chain with{view_stage<told_view, void (*)(altered_request&)>{{alter}}, app};
    inner.run(with);
  };
}

/// A server that tells its app another head.
inline faulty_server tells(void (*alter)(altered_request&)) { return seen_as<told_view>(alter); }

/// A response's head on its way through start(), to be changed.
struct altered_head : response_head, altered_fields {
  const csgi::request& asked;
};

/// An exchange whose start() takes another head than it is given.
class started_view final : public forwarding_exchange {
 public:
  started_view(exchange& outer, void (*alter)(altered_head&)) : forwarding_exchange(outer), alter_(alter) {}

  std::error_code start(const response_head& head) noexcept override {
    altered_head other{head, {{head.fields.begin(), head.fields.end()}}, next().head()};
    alter_(other);
    other.fields = other.list;
    return next().start(other);
  }

 private:
  void (*alter_)(altered_head&);
};

/// A server that sends another head than its app starts.
inline faulty_server starts(void (*alter)(altered_head&)) { return seen_as<started_view>(alter); }

/// An exchange whose operations can be given another outcome before the app learns of it.
class outcome_view : public forwarding_exchange {
 public:
  using forwarding_exchange::forwarding_exchange;

  begun begin_read(read_op& op) noexcept override {
    return watch(read_, op, [this](read_op& o) { return next().begin_read(o); },
                 [](outcome_view& v, operation& o) { v.read_ended(static_cast<read_op&>(o)); });
  }
  begun begin_write(write_op& op) noexcept override {
    return watch(write_, op, [this](write_op& o) { return next().begin_write(o); },
                 [](outcome_view& v, operation& o) { v.write_ended(static_cast<write_op&>(o)); });
  }
  begun begin_gone(operation& op) noexcept override {
    return watch(gone_, op, [this](operation& o) { return next().begin_gone(o); },
                 [](outcome_view& v, operation& o) { v.gone_ended(o); });
  }

 protected:
  virtual void read_ended(read_op&) noexcept {}
  virtual void write_ended(write_op&) noexcept {}
  virtual void gone_ended(operation&) noexcept {}
  ~outcome_view() = default;

  /// What is pending of one kind, its caller's part put aside meanwhile.
  struct place {
    void (*ended)(outcome_view&, operation&) = nullptr;
    outcome_view* of = nullptr;
    void (*done)(operation&) noexcept = nullptr;
    void* owner = nullptr;
  };

  template <class Operation>
  begun watch(place& at, Operation& op, auto begin, void (*ended)(outcome_view&, operation&)) noexcept {
    if (at.of != nullptr) {                       // a second one of a kind: it is refused at once
      const begun how = begin(op);
      if (how == begun::completed) ended(*this, op);
      return how;
    }
    at = {ended, this, op.done, op.owner};
    op.owner = &at;
    op.done = [](operation& o) noexcept {
      const place was = give_back(o);
      was.ended(*was.of, o);
      o.done(o);
    };
    if (begin(op) == begun::pending) return begun::pending;
    give_back(op);
    ended(*this, op);
    return begun::completed;
  }

 private:
  static place give_back(operation& op) noexcept {
    place& at = *static_cast<place*>(op.owner);
    op.done = at.done;
    op.owner = at.owner;
    return std::exchange(at, {});
  }

  place read_, write_, gone_;
};

}  // namespace csgi::conformance
