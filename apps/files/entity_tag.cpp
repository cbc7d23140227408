#include "entity_tag.hpp"
#include <algorithm>

bool lists_tag(std::string_view list, std::string_view tag, tag_comparison how) noexcept {
  for (;;) {
    list.remove_prefix(std::min(list.find_first_not_of(" \t,"), list.size()));
    const bool weak = list.starts_with("W/");
    if (weak) list.remove_prefix(2);
    if (!list.starts_with('"')) return false;
    const auto closing = list.find('"', 1);
    if (closing == std::string_view::npos) return false;
    if (list.substr(0, closing + 1) == tag && !(weak && how == tag_comparison::strong)) return true;
    list.remove_prefix(closing + 1);
    list.remove_prefix(std::min(list.find_first_not_of(" \t"), list.size()));
    if (!list.starts_with(',')) return false;
  }
}
