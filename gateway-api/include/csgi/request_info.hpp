// csgi/request_info.hpp - extension: what the server knows of a request beside its bytes.
#pragma once
#include <csgi/extension.hpp>
#include <csgi/operation.hpp>

namespace csgi { inline namespace v1 {

/// Lifetime:  the exchange's.
/// Threads:   any.
/// Spec:      CSGI-EXT-059
class request_info {
 public:
  static constexpr extension_id id{"csgi.request_info", touches::nothing};

  /// When its head was received whole: as exact as the server's own clock of deadlines, some milliseconds at worst.
  virtual clock::time_point received() const noexcept = 0;

  /// A number that no other request of this process has. Later requests of one connection have larger ones.
  virtual std::uint64_t number() const noexcept = 0;

 protected:
  ~request_info() = default;
};

}}  // namespace csgi::v1
