#include "concurrent.hpp"
#include "ask.hpp"
#include "send_page.hpp"
#include <csgi/when_all.hpp>

csgi::task<> concurrent::answer(csgi::async_exchange ex, concurrent& self) {
  const visit v(ex.head(), self.days_, self.timeout_);
  auto offers = ask(ex, "promotions", self.promotions_, v.promotions_question());
  auto picks = v.user() ? ask(ex, "recommendations", self.recommendations_, v.recommendations_question()) : nothing();
  auto both = csgi::when_all(std::move(offers), std::move(picks));
  auto [promotions, recommendations] = co_await std::move(both);
  const home_page page{v.user(), std::move(promotions), std::move(recommendations)};
  start_page(ex);
  co_await ex.finish(render(page, "by asking its services at the same time"));
}
