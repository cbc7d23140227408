#include "recommendations.hpp"
#include "service_arguments.hpp"
#include <csgi/json.hpp>
#include <csgi/query.hpp>

namespace {

struct product {
  const char *title, *text, *price;
};

constexpr product products[] = {
    {"Kettle with a swan's neck", "Holds a temperature, and your attention.", "64.00"},
    {"Scales that count seconds", "To a tenth of a gram.", "39.00"},
    {"Sumatra, dark", "Earth, cedar, a little smoke.", "11.20"},
    {"Guatemala, light", "Plum and brown sugar.", "12.40"},
    {"Travel press", "Steel, for trains and tents.", "28.00"},
    {"Cupping spoons", "Two, so that nobody drinks alone.", "16.00"},
    {"Moka pot", "Three cups, or one long morning.", "31.00"},
};

// Consecutive ones from a place that the name decides (FNV-1a).
boost::json::value items_for(std::string_view user) {
  std::uint32_t hash = 2166136261u;
  for (const char c : user) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  boost::json::array items;
  for (unsigned i = 0; i < 4; ++i) {
    const auto& p = products[(hash + i) % std::size(products)];
    items.push_back({{"title", p.title}, {"text", p.text}, {"price", p.price}});
  }
  return {{"items", std::move(items)}};
}

csgi::task<> answer(csgi::async_exchange ex, std::chrono::milliseconds delay) {
  const csgi::parameters query(ex.head());
  const auto user = query.find("user").value_or("");
  if (user.empty()) {
    co_await ex.respond(404, "text/plain", "Whose? ?user=ada\n");
    co_return;
  }
  co_await ex.sleep_for(delay);
  auto items = items_for(user);
  co_await csgi::respond_json(ex, 200, std::move(items));
}

}  // namespace

recommendations::recommendations(csgi::arguments given) : recommendations(delay_argument(given)) {}

csgi::task<> recommendations::http(csgi::async_exchange ex) { return answer(ex, delay_); }
