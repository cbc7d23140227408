// media_type.hpp - the content type that goes with a file name.
#pragma once
#include <string_view>

/// By the name's suffix, whatever its case; application/octet-stream for one that is not known. Text is taken for UTF-8.
std::string_view media_type(std::string_view name) noexcept;
