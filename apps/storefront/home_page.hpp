// home_page.hpp - the HTML of the home page.
#pragma once
#include "section.hpp"
#include <string_view>

/// What is on it. A section that is not there is left out.
struct home_page {
  std::optional<std::string> user = {};
  std::optional<section> promotions = {};
  std::optional<section> recommendations = {};
};

/// Rendered by Mustache; all of it is escaped. `way` is how it was put together, for the foot of the page. Links are relative.
///
/// Errors:    std::logic_error, where the template is none.
std::string render(const home_page& page, std::string_view way);
