// request_json.hpp - everything an app sees of a request, as JSON.
#pragma once
#include <csgi/request.hpp>
#include <string>

/// One member a line, in the order of csgi::request; fields as an array of [name, value], in the order received.
/// Request data are bytes: each above 0x7F is written as the code point of that number, \u0080 to \u00ff.
std::string request_json(const csgi::request& head);
