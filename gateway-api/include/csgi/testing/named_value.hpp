// csgi/testing/named_value.hpp - header fields that own their bytes, for both ends of a test.
#pragma once
#include <csgi/field.hpp>
#include <string>
#include <vector>

namespace csgi::testing {

struct named_value {
  std::string name;
  std::string value;

  bool operator==(const named_value&) const = default;
};

using field_list = std::vector<named_value>;

/// The first field of that name, regardless of case.
inline std::optional<std::string_view> find_field(const field_list& fields, std::string_view name) noexcept {
  for (const auto& f : fields)
    if (same_name(f.name, name)) return f.value;
  return std::nullopt;
}

}  // namespace csgi::testing
