// csgi/mount_table.hpp - several apps of either kind under path prefixes of their own.
#pragma once
#include <algorithm>
#include <csgi/description.hpp>
#include <csgi/forwarding_exchange.hpp>
#include <csgi/middleware.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace csgi { inline namespace v1 {

/// An app that is made of others. A request goes to the longest prefix that ends at a segment's boundary of its
/// tail ("/echo" takes "/echo" and "/echo/x", not "/echoes"), with root_path extended by the prefix; to the rest
/// where none does. Nothing else of the request changes.
///
/// Lifetime:  the apps are borrowed and outlive the table.
/// Threads:   mount() before it serves.
class mount_table final : public composite_app, public described {
 public:
  explicit mount_table(application rest) : rest_(rest), parts_{rest} {}

  /// Errors:    std::invalid_argument for a prefix that does not begin with "/", ends with it, or is taken.
  mount_table& mount(std::string prefix, application app) {
    if (prefix.size() < 2 || prefix.front() != '/' || prefix.back() == '/')
      throw std::invalid_argument("a mount prefix looks like \"/name\", not \"" + prefix + '"');
    const auto longer = std::find_if(branches_.begin(), branches_.end(),
                                     [&](const auto& b) { return b->prefix.size() <= prefix.size(); });
    for (const auto& b : branches_)
      if (b->prefix == prefix) throw std::invalid_argument("the prefix " + prefix + " is mounted already");
    branches_.insert(longer, std::make_unique<branch>(std::move(prefix), app));
    parts_.push_back(app);
    return *this;
  }

  application choose(const request& head) noexcept override {
    for (const auto& b : branches_)
      if (b->takes(head.tail())) return b->choose(head);
    return rest_;
  }

  std::span<const application> parts() const noexcept override { return parts_; }

  /// In the order in which the prefixes are tried.
  void describe(description& to) const override {
    for (const auto& b : branches_) to.mount(b->prefix, b->app);
    to.mount({}, rest_);
  }

 private:
  static request below(const request& head, std::size_t prefix) noexcept {
    request mounted = head;
    mounted.root_path = head.path.substr(0, head.root_path.size() + prefix);
    return mounted;
  }

  class mounted_exchange final : public forwarding_exchange {
   public:
    mounted_exchange(exchange& next, std::size_t prefix) noexcept
        : forwarding_exchange(next), head_(below(next.head(), prefix)) {}
    const request& head() const noexcept override { return head_; }

   private:
    request head_;
  };

  static task<> run(async_exchange ex, next_app app, std::size_t prefix) {
    mounted_exchange view(ex.raw(), prefix);
    co_await app(async_exchange(view));
  }

  struct branch {
    branch(std::string p, application a) : prefix(std::move(p)), app(a), async(*this), blocking(*this) {}

    bool takes(std::string_view tail) const noexcept {
      return tail.starts_with(prefix) && (tail.size() == prefix.size() || tail[prefix.size()] == '/');
    }
    application choose(const request& head) noexcept {
      if (app.resolve(below(head, prefix.size())).kind() == app_kind::async) return async;
      return blocking;
    }

    application behind(request& head) const noexcept {
      head = below(head, prefix.size());
      return app;
    }

    struct async_side final : async_app, stand_in {
      explicit async_side(branch& b) noexcept : of(b) {}
      application behind(request& head) const noexcept override { return of.behind(head); }
      task<> http(async_exchange ex) override { return run(ex, {of.app, app_kind::async}, of.prefix.size()); }
      branch& of;
    };
    struct blocking_side final : blocking_app, stand_in {
      explicit blocking_side(branch& b) noexcept : of(b) {}
      application behind(request& head) const noexcept override { return of.behind(head); }
      void http(blocking_exchange ex) override {
        mounted_exchange view(ex.raw(), of.prefix.size());
        next_app(of.app, app_kind::blocking)(blocking_exchange(view));
      }
      branch& of;
    };

    std::string prefix;
    application app;
    async_side async;
    blocking_side blocking;
  };

  application rest_;
  std::vector<std::unique_ptr<branch>> branches_;  // longest prefix first
  std::vector<application> parts_;                 // in the order mounted
};

}}  // namespace csgi::v1
