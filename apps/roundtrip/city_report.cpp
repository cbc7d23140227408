#include "city_report.hpp"

namespace json = boost::json;

namespace {

// For a query: everything but letters and digits, so that no name becomes another parameter.
std::string percent_encoded(std::string_view bytes) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z')) {
      text += c;
    } else {
      text += '%';
      text += digits[byte >> 4];
      text += digits[byte & 15];
    }
  }
  return text;
}

json::object failed(std::string_view city, std::string_view why) {
  json::object report;
  report["city"] = city;
  report["error"] = why;
  return report;
}

std::string_view in_words(upstream::failure::kind why) {
  switch (why) {
    case upstream::failure::kind::unreachable: return "unreachable";
    case upstream::failure::kind::broken: return "broken off";
    case upstream::failure::kind::timed_out: return "timed out";
    case upstream::failure::kind::too_large: return "too long";
  }
  return "failed";
}

}  // namespace

upstream::request question_about(std::string_view city, std::chrono::milliseconds timeout) {
  return upstream::request("/weather?city=" + percent_encoded(city), timeout);
}

json::object report_of(std::string_view city, const upstream::response& answer) {
  if (answer.status != 200) return failed(city, "status " + std::to_string(answer.status));
  json::error_code no_json;
  auto said = json::parse(answer.body, no_json);
  if (no_json || !said.is_object()) return failed(city, "no JSON");
  return std::move(said.get_object());
}

json::object report_of(std::string_view city, const upstream::failure& why) { return failed(city, in_words(why.reason())); }

json::object summary_of(std::string_view how, json::array reports) {
  json::object summary;
  summary["how"] = how;
  summary["cities"] = std::move(reports);
  return summary;
}
