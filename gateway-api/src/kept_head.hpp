// kept_head.hpp - a response head that outlives the call it was given to.
#pragma once
#include <csgi/checked_head.hpp>
#include <csgi/header_list.hpp>
#include <string>

namespace csgi { inline namespace v1 {

class kept_head {
 public:
  /// Keeps a copy.
  ///
  /// Errors:    as those of exchange::start(): invalid_argument, not_enough_memory.
  std::error_code keep(const response_head& head) noexcept {
    const auto checked = check_head(head);
    if (!checked) return std::make_error_code(std::errc::invalid_argument);
    try {
      std::string reason(head.reason);
      auto& fields = fields_.emplace();
      for (const field& f : head.fields) fields.add(f.name, f.value);
      reason_ = std::move(reason);
    } catch (const std::bad_alloc&) {
      fields_.reset();
      return std::make_error_code(std::errc::not_enough_memory);
    }
    status_ = head.status;
    then_ = head.then;
    length_ = checked->length;
    return {};
  }

  explicit operator bool() const noexcept { return fields_.has_value(); }
  response_head get() const noexcept { return {status_, fields_->fields(), reason_, then_}; }
  void drop() noexcept { fields_.reset(); }

  /// Whether a body of that size is what the head declares, if it declares any.
  bool allows(std::size_t whole_body) const noexcept { return !length_ || *length_ == whole_body; }

 private:
  std::optional<header_list> fields_;
  std::string reason_;
  std::optional<std::uint64_t> length_;
  int status_ = 0;
  after_response then_ = after_response::keep_alive;
};

}}  // namespace csgi::v1
