#include "sequential.hpp"
#include "send_page.hpp"

namespace {

std::optional<section> ask(csgi::blocking_exchange ex, std::string_view name, upstream::blocking_service& service,
                           const upstream::request& question) {
  try {
    return section_or_warning(ex, name, service.fetch(question));
  } catch (const upstream::failure& e) {
    warn(ex, name, e.what());
    return std::nullopt;
  }
}

}  // namespace

void sequential::http(csgi::blocking_exchange ex) {
  const visit v(ex.head(), days_, timeout_);
  home_page page{.user = v.user()};
  page.promotions = ask(ex, "promotions", promotions_, v.promotions_question());
  if (v.user()) page.recommendations = ask(ex, "recommendations", recommendations_, v.recommendations_question());
  start_page(ex);
  ex.finish(render(page, "by a thread that asks one service after the other"));
}
