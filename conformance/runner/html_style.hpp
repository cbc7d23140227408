// html_style.hpp - how the page looks.
#pragma once
#include <string_view>

namespace csgi::conformance {

std::string_view html_style() noexcept;

}  // namespace csgi::conformance
