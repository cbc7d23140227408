#include "visit.hpp"
#include "refusal.hpp"
#include <algorithm>
#include <csgi/cookies.hpp>
#include <csgi/http_error.hpp>

std::string today() {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()));
  const auto two_digits = [](unsigned number) { return std::string(number < 10 ? "-0" : "-") + std::to_string(number); };
  return std::to_string(static_cast<int>(date.year())) + two_digits(static_cast<unsigned>(date.month())) +
         two_digits(static_cast<unsigned>(date.day()));
}

bool is_user_name(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 32 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  });
}

visit::visit(const csgi::request& head, calendar days, std::chrono::milliseconds timeout) : date_(days()), timeout_(timeout) {
  constexpr std::string_view pages[] = {"/", "/sequential", "/naive", "/concurrent"};
  if (head.tail().empty())
    throw csgi::http_error(301, "It is at its slash.\n").with("location", std::string(head.raw_path) + '/');
  if (std::ranges::find(pages, head.tail()) == std::end(pages)) throw refusal(head, 404, "There is no such page.");
  if (head.method != "GET" && head.method != "HEAD")
    throw refusal(head, 405, "This page can only be looked at.").with("allow", "GET, HEAD");
  const csgi::request_cookies cookies(head);
  const auto user = cookies.find("user");
  if (user && is_user_name(*user)) user_ = *user;
}

upstream::request visit::promotions_question() const { return upstream::request("/?date=" + date_, timeout_); }

upstream::request visit::recommendations_question() const { return upstream::request("/?user=" + user_.value(), timeout_); }
