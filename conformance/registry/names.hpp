// names.hpp - the words of a clause's heading, which are also its enumerators spelled out.
#pragma once
#include <csgi/conformance/clause.hpp>
#include <optional>

namespace csgi::conformance {

/// The value that a heading calls by this name.
std::optional<party> party_called(std::string_view name) noexcept;
std::optional<strength> strength_called(std::string_view name) noexcept;
std::optional<proof> proof_called(std::string_view name) noexcept;

}  // namespace csgi::conformance
