#include "request_json.hpp"

namespace {

std::string quoted(std::string_view bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text = "\"";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      text += '\\';
      text += c;
    } else if (byte < 0x20 || byte >= 0x7F) {
      text += "\\u00";
      text += digits[byte >> 4];
      text += digits[byte & 15];
    } else {
      text += c;
    }
  }
  return text += '"';
}

std::string_view to_string(csgi::body_kind kind) {
  constexpr std::string_view names[] = {"none", "known", "unknown"};
  return names[static_cast<unsigned char>(kind)];
}

std::string to_json(const csgi::endpoint& end) {
  constexpr std::string_view names[] = {"unknown", "ip", "unix_socket"};
  std::string text = "{\"type\": " + quoted(names[static_cast<unsigned char>(end.type)]);
  text += ", \"address\": " + quoted(end.address);
  return text += ", \"port\": " + std::to_string(end.port) + '}';
}

std::string to_json(std::span<const csgi::field> fields) {
  std::string text = "[";
  for (const auto& [name, value] : fields) {
    text += text.size() > 1 ? ",\n    [" : "\n    [";
    text += quoted(name) + ", " + quoted(value) + ']';
  }
  return text += fields.empty() ? "]" : "\n  ]";
}

}  // namespace

std::string request_json(const csgi::request& head) {
  std::string text = "{";
  const auto member = [&](std::string_view name, std::string_view json) {
    text += text.size() > 1 ? ",\n  \"" : "\n  \"";
    text.append(name).append("\": ").append(json);
  };
  member("method", quoted(head.method));
  member("target", quoted(head.target));
  member("raw_path", quoted(head.raw_path));
  member("path", quoted(head.path));
  member("root_path", quoted(head.root_path));
  member("tail", quoted(head.tail()));
  member("query", quoted(head.query));
  member("has_query", head.has_query ? "true" : "false");
  member("version", quoted(to_string(head.version)));
  member("body", quoted(to_string(head.body)));
  if (head.body == csgi::body_kind::known) member("content_length", std::to_string(head.content_length));
  member("scheme", quoted(head.scheme));
  member("authority", quoted(head.authority));
  member("fields", to_json(head.fields));
  member("peer", to_json(head.peer));
  member("local", to_json(head.local));
  return text += "\n}\n";
}
