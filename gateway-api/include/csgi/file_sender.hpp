// csgi/file_sender.hpp - extension: parts of files as response body, without copying them through the app.
#pragma once
#include <csgi/extension.hpp>
#include <csgi/operation.hpp>

namespace csgi { inline namespace v1 {

/// Writes `count` bytes of a file from `offset`. The descriptor's own position is neither used nor moved.
struct file_op : operation {
  int descriptor = -1;              ///< borrowed until the operation is done: the caller may close it then
  std::uint64_t offset = 0;         ///< bytes
  std::uint64_t count = 0;          ///< bytes
  ending then = ending::more;
};

/// Optional. The fronts' send_file() uses it where it is, and reads the file where it is not.
class file_sender {
 public:
  static constexpr extension_id id{"csgi.file_sender", touches::response};

  /// Behaves as a write of the same bytes; may be mixed with writes in any order.
  ///
  /// Errors:    those of exchange::begin_write; bad_message when the file ends before `count` bytes, and
  ///            io_error when it cannot be read: the exchange is then aborted.
  virtual begun begin_send_file(file_op&) noexcept = 0;

 protected:
  ~file_sender() = default;
};

}}  // namespace csgi::v1
