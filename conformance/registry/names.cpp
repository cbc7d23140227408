// names.cpp - see names.hpp.
#include "names.hpp"

namespace csgi::conformance {

namespace {

constexpr std::string_view parties[] = {"server", "app", "middleware", "host", "library"};
constexpr std::string_view strengths[] = {"MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "MAY"};
constexpr std::string_view proofs[] = {"wire", "in-process", "review"};

template <class Value>
std::optional<Value> called(std::span<const std::string_view> names, std::string_view name) noexcept {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == name) return static_cast<Value>(i);
  return std::nullopt;
}

}  // namespace

std::string_view to_string(party p) noexcept { return parties[static_cast<unsigned char>(p)]; }
std::string_view to_string(strength s) noexcept { return strengths[static_cast<unsigned char>(s)]; }
std::string_view to_string(proof p) noexcept { return proofs[static_cast<unsigned char>(p)]; }

std::optional<party> party_called(std::string_view name) noexcept { return called<party>(parties, name); }
std::optional<strength> strength_called(std::string_view name) noexcept { return called<strength>(strengths, name); }
std::optional<proof> proof_called(std::string_view name) noexcept { return called<proof>(proofs, name); }

}  // namespace csgi::conformance
