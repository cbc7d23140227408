// csgi/storage.hpp - extension: values of one request that its middleware and its app share, by type.
#pragma once
#include <csgi/forwarding_exchange.hpp>
#include <csgi/middleware.hpp>
#include <memory>
#include <vector>

namespace csgi { inline namespace v1 {

/// A value in a storage.
class stored_value {
 public:
  virtual ~stored_value() = default;
  virtual void* get() noexcept = 0;
};

/// What middleware such as an authentication learns, and the app inside wants to know:
///
///   struct visitor {
///     static constexpr csgi::extension_id id{"example.org/visitor", csgi::touches::nothing};
///     std::string name;
///   };
///   csgi::store(ex, visitor{"Ada"});                             // in a middleware
///   if (const auto* who = csgi::stored<visitor>(ex)) …           // behind it, in either kind, beyond bridges too
///
/// A type is known by its id, as extensions are, so that plug-ins of different compilers agree. csgi::storing offers it.
/// Threads:   one at a time: the exchange's executor, or blocking code that the coroutine waits for.
class storage {
 public:
  static constexpr extension_id id{"csgi.storage", touches::nothing};

  /// The value with that key, or null.
  virtual stored_value* find(const extension_id& key) noexcept = 0;

  /// Keeps the value until the exchange ends, in the place of another one with that key, which is destroyed.
  ///
  /// Errors:    std::bad_alloc.
  virtual void keep(const extension_id& key, std::unique_ptr<stored_value> value) = 0;

 protected:
  ~storage() = default;
};

/// The value of that type, or null where there is none or no storage.
///
/// Lifetime:  until another one is stored, at most the storing middleware's exchange.
template <class T>
T* stored(exchange_handle ex) noexcept {
  auto* const where = ex.find<storage>();
  auto* const found = where ? where->find(T::id) : nullptr;
  return found ? static_cast<T*>(found->get()) : nullptr;
}

/// Stores a value for this request.
///
/// Errors:    error(operation_not_supported), where nothing offers a storage; std::bad_alloc.
template <class T>
T& store(exchange_handle ex, T value) {
  struct holder final : stored_value {
    explicit holder(T&& v) : value(std::move(v)) {}
    void* get() noexcept override { return &value; }
    T value;
  };
  auto* const where = ex.find<storage>();
  if (!where) raise(std::make_error_code(std::errc::operation_not_supported), "store: no csgi::storing around this");
  auto own = std::make_unique<holder>(std::move(value));
  T& kept = own->value;
  where->keep(T::id, std::move(own));
  return kept;
}

/// The middleware that offers a storage to all inside of it; none where there is one already. Put it outermost.
struct storing {
  task<> operator()(async_exchange ex, next_app app) const {
    if (ex.find<storage>()) {
      co_await app(ex);
      co_return;
    }
    view with(ex.raw());
    co_await app(async_exchange(with));
  }

 private:
  class shelf final : public storage {
   public:
    shelf() = default;
    shelf(const shelf&) = delete;
    shelf& operator=(const shelf&) = delete;
    ~shelf() {
      while (!values_.empty()) values_.pop_back();    // the last one first
    }

    stored_value* find(const extension_id& key) noexcept override {
      for (auto& [k, value] : values_)
        if (k == key) return value.get();
      return nullptr;
    }

    void keep(const extension_id& key, std::unique_ptr<stored_value> value) override {
      for (auto& [k, old] : values_)
        if (k == key) return void(old = std::move(value));
      values_.emplace_back(key, std::move(value));
    }

   private:
    std::vector<std::pair<extension_id, std::unique_ptr<stored_value>>> values_;
  };

  class view final : public forwarding_exchange {
   public:
    using forwarding_exchange::forwarding_exchange;
    void* find(const extension_id& wanted) noexcept override {
      return wanted == storage::id ? static_cast<storage*>(&shelf_) : next().find(wanted);
    }

   private:
    shelf shelf_;
  };
};

}}  // namespace csgi::v1
