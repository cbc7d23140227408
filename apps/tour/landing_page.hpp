// landing_page.hpp - the HTML of the tour's own pages.
#pragma once
#include <csgi/request.hpp>
#include <csgi/server_info.hpp>
#include <string>

/// `server` is who answers, null where it does not say.
std::string landing_page(const csgi::request& head, const csgi::server_info* server, bool with_files);

std::string not_found_page(const csgi::request& head);
