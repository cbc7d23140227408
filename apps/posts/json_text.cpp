#include "json_text.hpp"
#include <algorithm>
#include <boost/json.hpp>
#include <csgi/http_error.hpp>

namespace json = boost::json;

namespace blog {

namespace {

json::array array_of(const std::vector<std::string>& texts) { return json::array(texts.begin(), texts.end()); }

json::array array_of(const std::vector<headline>& list) {
  json::array all;
  for (const auto& [id, author, title] : list) all.push_back({{"id", id}, {"author", author}, {"title", title}});
  return all;
}

[[noreturn]] void refuse(const std::string& why) { throw csgi::http_error(400, why); }

std::string text_of(const json::value* given, const std::string& what, std::size_t most) {
  const auto* const text = given ? given->if_string() : nullptr;
  if (!text) refuse(what + " has to be a text.");
  if (text->empty()) refuse(what + " is empty.");
  if (text->size() > most) refuse(what + " has more than " + std::to_string(most) + " bytes.");
  if (text->find('\0') != json::string::npos) refuse(what + " has a character of code 0.");
  return {text->data(), text->size()};
}

std::vector<std::string> pictures_of(const json::value* given) {
  std::vector<std::string> urls;
  if (!given) return urls;
  const auto* const list = given->if_array();
  if (!list) refuse("\"pictures\" has to be a list.");
  if (list->size() > draft_limits::pictures) refuse("There are more than " + std::to_string(draft_limits::pictures) + " pictures.");
  for (const auto& url : *list) urls.push_back(text_of(&url, "A picture's URL", draft_limits::url));
  return urls;
}

std::string author_of(const json::value* given) {
  auto name = text_of(given, "\"author\"", draft_limits::name);
  if (!is_name(name)) refuse("An author's name is made of a to z, 0 to 9, \"-\" and \"_\".");
  return name;
}

}  // namespace

std::string to_json(const post& one) {
  const auto& [author, title, text, pictures] = one.content;
  const json::object all{{"id", one.id}, {"author", author}, {"title", title}, {"text", text}, {"pictures", array_of(pictures)}};
  return json::serialize(all);
}

std::string to_json(const profile& one) {
  const auto& [name, posts, pictures] = one.who;
  const json::object all{{"name", name}, {"posts", posts}, {"pictures", array_of(pictures)}, {"latest", array_of(one.latest)}};
  return json::serialize(all);
}

std::string to_json(const std::vector<headline>& list) { return json::serialize(json::object{{"posts", array_of(list)}}); }

std::string error_json(std::string_view message) {
  return json::serialize(json::object{{"error", json::string_view(message.data(), message.size())}});
}

bool is_name(std::string_view text) noexcept {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; };
  return !text.empty() && text.size() <= draft_limits::name && std::all_of(text.begin(), text.end(), fits);
}

draft read_draft(const json::value& given, authorship whose) {
  const auto* const members = given.if_object();
  if (!members) refuse("The body has to be an object.");
  draft content;
  if (whose == authorship::wanted) content.author = author_of(members->if_contains("author"));
  content.title = text_of(members->if_contains("title"), "\"title\"", draft_limits::title);
  content.text = text_of(members->if_contains("text"), "\"text\"", draft_limits::text);
  content.pictures = pictures_of(members->if_contains("pictures"));
  return content;
}

}  // namespace blog
