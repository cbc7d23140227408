// listing.hpp - the page that stands for a directory without an index.html.
#pragma once
#include "file_descriptor.hpp"
#include <string>
#include <string_view>

/// An HTML page that links to what is in `directory`, but for hidden names and special files.
///
/// Limits:    10'000 names; the page says so where there are more.
/// Errors:    std::system_error where the directory cannot be read.
std::string listing_page(file_descriptor directory, std::string_view path);
