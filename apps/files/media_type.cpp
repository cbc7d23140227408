#include "media_type.hpp"
#include <csgi/field.hpp>

namespace {

struct known_suffix {
  std::string_view suffix, type;
};

constexpr std::string_view plain = "text/plain; charset=utf-8";
constexpr known_suffix known_suffixes[] = {
    {"html", "text/html; charset=utf-8"},
    {"htm", "text/html; charset=utf-8"},
    {"css", "text/css; charset=utf-8"},
    {"js", "text/javascript; charset=utf-8"},
    {"mjs", "text/javascript; charset=utf-8"},
    {"md", "text/markdown; charset=utf-8"},
    {"csv", "text/csv; charset=utf-8"},
    {"txt", plain}, {"log", plain}, {"c", plain}, {"h", plain}, {"cpp", plain}, {"hpp", plain}, {"cmake", plain},
    {"py", plain}, {"sh", plain}, {"toml", plain}, {"yml", plain}, {"yaml", plain},
    {"json", "application/json"},
    {"xml", "application/xml"},
    {"pdf", "application/pdf"},
    {"wasm", "application/wasm"},
    {"zip", "application/zip"},
    {"gz", "application/gzip"},
    {"svg", "image/svg+xml"},
    {"png", "image/png"},
    {"jpg", "image/jpeg"},
    {"jpeg", "image/jpeg"},
    {"gif", "image/gif"},
    {"webp", "image/webp"},
    {"avif", "image/avif"},
    {"ico", "image/x-icon"},
    {"mp3", "audio/mpeg"},
    {"mp4", "video/mp4"},
    {"webm", "video/webm"},
    {"woff2", "font/woff2"},
};

}  // namespace

std::string_view media_type(std::string_view name) noexcept {
  const auto dot = name.rfind('.');
  const auto slash = name.rfind('/');
  if (dot != std::string_view::npos && (slash == std::string_view::npos || slash < dot))
    for (const auto& [suffix, type] : known_suffixes)
      if (csgi::same_name(name.substr(dot + 1), suffix)) return type;
  return "application/octet-stream";
}
