// csgi/finish_hooks.hpp - extension: work that follows a response, and knows how it ended.
#pragma once
#include <csgi/extension.hpp>
#include <system_error>

namespace csgi { inline namespace v1 {

/// How a response ended.
struct outcome {
  int status = 0;                   ///< 0: no head was ever sent
  std::uint64_t body_bytes = 0;     ///< body bytes handed to the operating system
  std::error_code aborted{};        ///< none: the client was sent the whole response
};

/// One hook, in memory of its owner that must live until it has run.
struct finish_hook {
  void (*run)(finish_hook&, const outcome&) noexcept = nullptr;
  finish_hook* next = nullptr;      ///< the server's
};

/// Every server offers it.
class finish_hooks {
 public:
  static constexpr extension_id id{"csgi.finish_hooks", touches::nothing};

  /// Runs `hook` exactly once after the response was handed over whole or was aborted and the app is done, whatever
  /// the app did; hooks run in reverse order. A hook has no exchange any more.
  ///
  /// Threads:   call it on the exchange's executor. The hooks of an async app run on a server's loop and must not
  ///            block; those of a blocking app run on a thread that may.
  virtual void add(finish_hook& hook) noexcept = 0;

 protected:
  ~finish_hooks() = default;
};

}}  // namespace csgi::v1
