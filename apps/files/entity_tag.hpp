// entity_tag.hpp - validators of a file and the lists of them that clients send (RFC 9110, 8.8.3).
#pragma once
#include <string>
#include <string_view>

/// Strong comparison takes no weak tag (W/"…") for equal to anything; weak comparison looks at the opaque part alone.
enum class tag_comparison : unsigned char { strong, weak };

/// Whether `list`, the value of an If-Match or If-None-Match field, holds `tag`, a strong tag with its quotes. A list
/// holds nothing from its first syntax error on. "*" is not a list.
bool lists_tag(std::string_view list, std::string_view tag, tag_comparison how) noexcept;
