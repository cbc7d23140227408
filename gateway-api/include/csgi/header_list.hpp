// csgi/header_list.hpp - an own, changeable list of header fields, for who computes or edits them.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <csgi/field.hpp>
#include <memory_resource>
#include <vector>

namespace csgi { inline namespace v1 {

/// An ordered list of fields that owns the bytes of what is added to it.
///
/// Memory:  the first KiB is inside the object, more comes from the heap; what is removed is given back
///          with the list.
/// Errors:  std::bad_alloc.
class header_list {
 public:
  header_list() = default;

  /// Starts from `fields`, whose bytes are borrowed as long as the list lives: what a middleware wants
  /// that edits a response head on its way through start().
  explicit header_list(std::span<const field> fields) : fields_(fields.begin(), fields.end(), &memory_) {}

  header_list(const header_list&) = delete;
  header_list& operator=(const header_list&) = delete;

  /// Appends a copy, also where the name is there already.
  void add(std::string_view name, std::string_view value) { fields_.push_back({keep(name), keep(value)}); }

  /// Makes this the only field of that name.
  void set(std::string_view name, std::string_view value) {
    remove(name);
    add(name, value);
  }

  void remove(std::string_view name) {
    std::erase_if(fields_, [name](const field& f) { return same_name(f.name, name); });
  }

  std::optional<std::string_view> find(std::string_view name) const noexcept { return find_field(fields_, name); }

  /// Valid until the list changes.
  std::span<const field> fields() const noexcept { return fields_; }

 private:
  std::string_view keep(std::string_view bytes) {
    auto* copy = static_cast<char*>(memory_.allocate(bytes.size() + 1, 1));
    std::copy(bytes.begin(), bytes.end(), copy);
    return {copy, bytes.size()};
  }

  std::array<std::byte, 1024> buffer_;
  std::pmr::monotonic_buffer_resource memory_{buffer_.data(), buffer_.size()};
  std::pmr::vector<field> fields_{&memory_};
};

}}  // namespace csgi::v1
