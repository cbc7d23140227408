// cities.hpp - which cities a request is about.
#pragma once
#include <csgi/request.hpp>
#include <string>
#include <vector>

/// Those of "?city=Oslo&city=Lima"; five where it names none.
///
/// Limits:    ten names of 64 bytes, in UTF-8.
/// Errors:    http_error: 400 beyond that, 405 for another method than GET and HEAD.
std::vector<std::string> cities_of(const csgi::request& head);
