#include "home_page.hpp"
#include "page_template.hpp"
#include <kainjow/mustache.hpp>
#include <stdexcept>

namespace {

using kainjow::mustache::data;

data data_of(const section& items) {
  data list(data::type::list);
  for (const auto& one : items) {
    data row;
    row.set("title", one.title);
    row.set("text", one.text);
    row.set("price", one.price);
    list << row;
  }
  data whole;
  whole.set("items", list);
  return whole;
}

}  // namespace

std::string render(const home_page& page, std::string_view way) {
  data values;
  values.set("way", std::string(way));
  if (page.user) {
    data user;
    user.set("name", *page.user);
    values.set("user", user);
  }
  const bool offers = page.promotions && !page.promotions->empty();
  const bool picks = page.recommendations && !page.recommendations->empty();
  if (offers) values.set("promotions", data_of(*page.promotions));
  if (picks) values.set("recommendations", data_of(*page.recommendations));
  values.set("bare", !offers && !picks);
  // Parsed for each page: the library does not promise that threads may share a template.
  kainjow::mustache::mustache html{std::string(page_opening).append(page_template)};
  if (!html.is_valid()) throw std::logic_error("the home page's template: " + html.error_message());
  return html.render(values);
}
