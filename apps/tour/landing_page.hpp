// landing_page.hpp - the HTML of the tour's own pages.
#pragma once
#include <csgi/request.hpp>
#include <csgi/server_info.hpp>
#include <string>

/// `server` is who answers, null where it does not say.
std::string landing_page(const csgi::request& head, const csgi::server_info* server, bool with_files);

/// SVG, of the colours of the page.
inline constexpr std::string_view icon =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 16 16\"><rect width=\"16\" height=\"16\" rx=\"3\" fill=\"#0b62a8\"/>"
    "<path d=\"M8.5 4.5a3.5 3.5 0 1 0 0 7M11.5 6v4M9.5 8h4\" fill=\"none\" stroke=\"#fff\" stroke-width=\"1.5\"/></svg>\n";

std::string not_found_page(const csgi::request& head);
