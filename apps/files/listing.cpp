#include "listing.hpp"
#include "escape.hpp"
#include "root_directory.hpp"
#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <system_error>
#include <vector>

namespace {

constexpr std::size_t most_names = 10'000;

constexpr const char* before_title = R"(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>)";

constexpr const char* after_title = R"(</title>
<style>
  :root { color-scheme: light dark }
  body { max-width: 60rem; margin: 2rem auto; padding: 0 1.25rem; font: 1rem/1.7 system-ui, sans-serif; overflow-wrap: anywhere }
  h1 { font-size: 1.5rem }
</style>
)";

struct directory_closer {
  void operator()(DIR* directory) const noexcept { ::closedir(directory); }
};
using open_directory = std::unique_ptr<DIR, directory_closer>;

open_directory read_from(file_descriptor directory) {
  open_directory opened(::fdopendir(directory.number()));
  if (!opened) throw std::system_error(errno, std::generic_category(), "read directory");
  directory.release();
  return opened;
}

// The name as it is linked to: a directory's ends in "/". Empty for what cannot be asked for.
std::string linked_name(int directory, const char* name) {
  struct stat about {};
  if (!root_directory::is_plain(name) || ::fstatat(directory, name, &about, AT_SYMLINK_NOFOLLOW) != 0) return {};
  if (S_ISDIR(about.st_mode)) return std::string(name) + '/';
  if (S_ISREG(about.st_mode) || S_ISLNK(about.st_mode)) return name;
  return {};
}

std::vector<std::string> names_in(DIR* directory) {
  std::vector<std::string> names;
  while (const auto* entry = ::readdir(directory)) {
    auto name = linked_name(::dirfd(directory), entry->d_name);
    if (!name.empty()) names.push_back(std::move(name));
    if (names.size() > most_names) break;
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace

std::string listing_page(file_descriptor directory, std::string_view path) {
  const auto opened = read_from(std::move(directory));
  auto names = names_in(opened.get());
  const bool more = names.size() > most_names;
  if (more) names.resize(most_names);

  const auto title = html_escaped(path);
  std::string page = std::string(before_title) + title + after_title;
  page += "<h1>" + title + "</h1>\n<ul>\n<li><a href=\"../\">../</a>\n";
  // "./" keeps a name with a colon from being taken for a scheme.
  for (const auto& name : names) page += "<li><a href=\"./" + percent_encoded(name) + "\">" + html_escaped(name) + "</a>\n";
  page += "</ul>\n";
  if (more) page += "<p>There are more than these.</p>\n";
  return page;
}
