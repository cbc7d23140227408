#include "naive.hpp"
#include "ask.hpp"
#include "send_page.hpp"

csgi::task<> naive::answer(csgi::async_exchange ex, naive& self) {
  const visit v(ex.head(), self.days_, self.timeout_);
  home_page page{.user = v.user()};
  page.promotions = co_await ask(ex, "promotions", self.promotions_, v.promotions_question());
  if (v.user()) page.recommendations = co_await ask(ex, "recommendations", self.recommendations_, v.recommendations_question());
  start_page(ex);
  co_await ex.finish(render(page, "by a coroutine that asks one service after the other"));
}
