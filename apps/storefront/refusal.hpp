// refusal.hpp - what is not answered by the home page, as a page that leads there.
#pragma once
#include <csgi/http_error.hpp>
#include <csgi/request.hpp>
#include <string_view>

/// For the middleware `errors`; `why` is markup.
csgi::http_error refusal(const csgi::request& head, int status, std::string_view why);
