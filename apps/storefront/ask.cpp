#include "ask.hpp"
#include "send_page.hpp"

csgi::task<std::optional<section>> ask(csgi::async_exchange ex, std::string_view name, upstream::async_service& service,
                                       upstream::request question) {
  try {
    const auto answer = co_await service.fetch(std::move(question));
    co_return section_or_warning(ex, name, answer);
  } catch (const upstream::failure& e) {
    warn(ex, name, e.what());
  }
  co_return std::nullopt;
}

csgi::task<std::optional<section>> nothing() { co_return std::nullopt; }
