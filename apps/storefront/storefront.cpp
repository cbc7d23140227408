#include "storefront.hpp"
#include <csgi/description.hpp>

namespace {

constexpr std::string_view paths[] = {"/sequential", "/naive", "/sign-in"};     // of the parts; the last part has the rest

}  // namespace

storefront_pages::storefront_pages(const storefront_services& of)
    : sequential_(of.promotions, of.recommendations, of.days, of.timeout),
      naive_(of.promotions_awaited, of.recommendations_awaited, of.days, of.timeout),
      concurrent_(of.promotions_awaited, of.recommendations_awaited, of.days, of.timeout) {}

csgi::application storefront_pages::choose(const csgi::request& head) noexcept {
  return parts_[std::ranges::find(paths, head.tail()) - std::begin(paths)];
}

void storefront_pages::describe(csgi::description& to) const {
  for (std::size_t i = 0; i < std::size(paths); ++i) to.mount(paths[i], parts_[i]);
  to.mount({}, parts_[std::size(paths)]);
}
