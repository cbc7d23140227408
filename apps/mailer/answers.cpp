#include "answers.hpp"
#include <csgi/http_error.hpp>

std::string letter_json(std::string_view id, letter_state state) {
  return R"({"id": ")" + std::string(id) + R"(", "state": ")" + (state == letter_state::sent ? "sent" : "waiting") + "\"}\n";
}

std::string letter_location(const csgi::request& head, std::string_view id) {
  std::string path(head.raw_path);
  if (!path.ends_with('/')) path += '/';
  return path.append(id);
}

std::string_view letter_asked_for(const csgi::request& head) {
  auto id = head.tail();
  if (id.starts_with('/')) id.remove_prefix(1);
  const bool reads = head.method == "GET" || head.method == "HEAD";
  if (id.empty() && head.method != "POST") throw csgi::http_error(405, "POST a letter here.\n").with("allow", "POST");
  if (!id.empty() && !reads) throw csgi::http_error(405, "GET or HEAD\n").with("allow", "GET, HEAD");
  return id;
}

letter_state required(std::optional<letter_state> found) {
  if (!found) throw csgi::http_error(404, "There is no such letter.\n");
  return *found;
}
