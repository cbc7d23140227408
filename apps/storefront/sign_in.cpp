#include "sign_in.hpp"
#include "refusal.hpp"
#include "visit.hpp"
#include <csgi/cookies.hpp>
#include <csgi/forms.hpp>

namespace {

std::string cookie_for(std::string_view user) {
  csgi::set_cookie cookie{.name = "user", .value = std::string(user)};
  if (user.empty()) cookie.max_age = std::chrono::seconds(0);
  return cookie.text();
}

}  // namespace

csgi::task<> sign_in::http(csgi::async_exchange ex) {
  if (ex.head().method != "POST") throw refusal(ex.head(), 405, "Names are taken by the form on the home page.").with("allow", "POST");
  const auto form = co_await csgi::read_form(ex, 1024);
  const auto user = form.find("user");
  if (!user || (!user->empty() && !is_user_name(*user)))
    throw refusal(ex.head(), 422, "A name has 1 to 32 letters, digits, “-”, “_” or “.”");
  const auto cookie = cookie_for(*user);
  ex.start(303, {{"location", "./"}, {"set-cookie", cookie}});
  co_await ex.finish();
}
