// json_text.hpp - the blog in JSON, and what clients write in it.
#pragma once
#include "blog.hpp"
#include <boost/json/value.hpp>

namespace blog {

std::string to_json(const post& one);
std::string to_json(const profile& one);
std::string to_json(const std::vector<headline>& list);

/// `{"error": "…"}`
std::string error_json(std::string_view message);

/// Whether the author is asked for: that of a post which is changed stays.
enum class authorship : unsigned char { wanted, kept };

/// The most a draft may have of each. Texts are counted in bytes.
struct draft_limits {
  static constexpr std::size_t name = 40;
  static constexpr std::size_t title = 200;
  static constexpr std::size_t text = 32 * 1024;
  static constexpr std::size_t pictures = 16;
  static constexpr std::size_t url = 500;
  static constexpr std::size_t body = 256 * 1024;       ///< all of it, in JSON: characters may be escaped there
};

/// Whether a user may have that name: a to z, 0 to 9, "-" and "_".
bool is_name(std::string_view text) noexcept;

/// Errors:    csgi::http_error(400), which says what is missing, wrong or too long.
draft read_draft(const boost::json::value& given, authorship whose);

}  // namespace blog
