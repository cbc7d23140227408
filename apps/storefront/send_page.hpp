// send_page.hpp - the home page as a response, of either kind of app; and what is told when a section is left out.
#pragma once
#include "home_page.hpp"
#include <csgi/exchange_handle.hpp>

/// Its status and fields; what is left to do is to finish with the page.
void start_page(csgi::exchange_handle ex);

/// The section that a service has answered with. Nothing, and a warning to the operator, where it is none.
std::optional<section> section_or_warning(csgi::exchange_handle ex, std::string_view service, const upstream::response& answer);

/// Tells the operator why there is no answer.
void warn(csgi::exchange_handle ex, std::string_view service, std::string_view why);
