#include "section.hpp"
#include <boost/json.hpp>

namespace {

std::string text_of(const boost::json::value& value, std::string_view name) {
  const auto& text = value.at(name).as_string();      // which throws where it is something else
  return {text.data(), text.size()};
}

}  // namespace

std::optional<section> section_of(const upstream::response& answer) {
  constexpr std::size_t most = 12;
  if (answer.status != 200) return std::nullopt;
  try {
    const auto value = boost::json::parse(answer.body);
    section items;
    for (const auto& one : value.at("items").as_array()) {
      if (items.size() == most) break;
      items.push_back({text_of(one, "title"), text_of(one, "text"), text_of(one, "price")});
    }
    return items;
  } catch (const std::exception&) {     // malformed in one way or another
    return std::nullopt;
  }
}
