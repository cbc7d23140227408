// Sec-WebSocket-Extensions, read by its grammar (RFC 6455, 9.1).
#pragma once
#include <optional>
#include <string_view>

namespace csgi { inline namespace v1 {

/// Reads one field's value, which has at least one extension:
///
///     while (const auto name = list.next_extension())
///       while (const auto parameter = list.next_parameter()) …
///
/// Whoever stops reading parameters goes on with the next extension.
class websocket_extension_list {
 public:
  struct parameter {
    std::string_view name;
    std::optional<std::string_view> value;    ///< without quotes; a backslash that was within them is left
  };

  explicit websocket_extension_list(std::string_view value) noexcept : rest_(value) {}

  std::optional<std::string_view> next_extension() noexcept;
  std::optional<parameter> next_parameter() noexcept;

  /// False where the value breaks the grammar; nothing more comes then. Known when everything was read.
  bool well_formed() const noexcept { return well_formed_; }

 private:
  void skip_white() noexcept;
  bool take(char wanted) noexcept;
  std::string_view token() noexcept;
  std::optional<std::string_view> value() noexcept;
  void fail() noexcept;

  std::string_view rest_;
  bool well_formed_ = true;
  bool any_ = false;            // extension
  bool in_parameters_ = false;
};

}}  // namespace csgi::v1
