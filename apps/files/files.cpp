#include "files.hpp"
#include "byte_range.hpp"
#include "escape.hpp"
#include "http_date.hpp"
#include "listing.hpp"
#include "media_type.hpp"
#include "preconditions.hpp"

namespace {

using std::chrono::sys_seconds;

served_root required_root(csgi::arguments given) {
  auto root = root_argument(given);
  if (!root) throw std::invalid_argument("which directory is to be served? -- --root DIR");
  return *root;
}

struct stat facts_of(const file_descriptor& file) {
  struct stat facts {};
  if (::fstat(file.number(), &facts) != 0) throw std::system_error(errno, std::generic_category(), "fstat");
  return facts;
}

std::string hexadecimal(std::uint64_t number) {
  std::string digits;
  for (; number > 0 || digits.empty(); number >>= 4) digits.insert(digits.begin(), "0123456789abcdef"[number & 15]);
  return digits;
}

// A clock that was set back must not make a file newer than its response (RFC 9110, 8.8.2.1).
validators validators_of(const struct stat& facts) {
  const auto nanoseconds = static_cast<std::uint64_t>(facts.st_mtim.tv_sec) * 1'000'000'000u +
                           static_cast<std::uint64_t>(facts.st_mtim.tv_nsec);
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return {'"' + hexadecimal(nanoseconds) + '-' + hexadecimal(static_cast<std::uint64_t>(facts.st_size)) + '"',
          std::min(now, sys_seconds(std::chrono::seconds(facts.st_mtim.tv_sec)))};
}

void say(csgi::blocking_exchange ex, int status, std::string_view text) { ex.respond(status, "text/plain", text); }

void refuse_method(csgi::blocking_exchange ex) {
  ex.start(405, {{"content-type", "text/plain"}, {"allow", "GET, HEAD"}});
  ex.finish("GET or HEAD\n");
}

// The path is written anew from its decoded bytes, so that nothing a client wrote makes it another host's.
void redirect_to_slash(csgi::blocking_exchange ex) {
  std::string location = percent_encoded(ex.head().path) + '/';
  if (ex.head().has_query) location.append("?").append(ex.head().query);
  ex.start(301, {{"location", location}, {"content-type", "text/plain"}});
  ex.finish("It is a directory.\n");
}

void refuse_range(csgi::blocking_exchange ex, std::uint64_t size) {
  const auto range = "bytes */" + std::to_string(size);
  ex.start(416, {{"content-range", range}, {"accept-ranges", "bytes"}, {"content-type", "text/plain"}});
  ex.finish("The file is shorter.\n");
}

byte_range asked_range(const csgi::request& head, const validators& current, std::uint64_t size) {
  const auto range = head.field("range");
  if (!range || head.method != "GET" || !range_applies(head, current)) return {byte_range::kind::whole, 0, size};
  return byte_range::parse(*range, size);
}

void send_bytes(csgi::blocking_exchange ex, const file_descriptor& file, std::string_view path, const validators& current,
                const byte_range& range, std::uint64_t size) {
  const bool part = range.type == byte_range::kind::part;
  csgi::header_list fields;
  fields.add("content-type", media_type(path));
  fields.add("content-length", std::to_string(range.count));
  fields.add("last-modified", to_http_date(current.modified));
  fields.add("etag", current.tag);
  fields.add("accept-ranges", "bytes");
  if (part) fields.add("content-range", "bytes " + std::to_string(range.first) + '-' +
                                            std::to_string(range.first + range.count - 1) + '/' + std::to_string(size));
  ex.start(part ? 206 : 200, fields.fields());
  if (ex.head().method == "HEAD" || range.count == 0) return ex.finish();
  ex.send_file(file.number(), range.first, range.count, csgi::ending::finish);  // the last operation: see files.hpp
}

void send_regular(csgi::blocking_exchange ex, const file_descriptor& file, std::string_view path, const struct stat& facts) {
  const auto current = validators_of(facts);
  const auto size = static_cast<std::uint64_t>(facts.st_size);
  switch (evaluate_preconditions(ex.head(), current)) {
    case verdict::precondition_failed: return say(ex, 412, "The file has changed.\n");
    case verdict::not_modified: {
      const auto date = to_http_date(current.modified);
      ex.start(304, {{"etag", current.tag}, {"last-modified", date}});
      return ex.finish();
    }
    case verdict::send: break;
  }
  const auto range = asked_range(ex.head(), current, size);
  if (range.type == byte_range::kind::unsatisfiable) return refuse_range(ex, size);
  send_bytes(ex, file, path, current, range, size);
}

}  // namespace

files::files(csgi::arguments given) : files(required_root(given)) {}

files::files(const served_root& root)
    : root_(root.path, root.follows_links ? root_directory::links::followed : root_directory::links::kept_inside) {}

void files::http(csgi::blocking_exchange ex) {
  const auto& head = ex.head();
  if (head.method != "GET" && head.method != "HEAD") return refuse_method(ex);
  auto path = head.tail();
  if (path.empty()) return redirect_to_slash(ex);
  if (path.front() != '/' || path == "//") return say(ex, 404, "not found\n");
  const bool as_directory = path.back() == '/';
  path.remove_prefix(1);
  if (as_directory && !path.empty()) path.remove_suffix(1);

  auto file = root_.open(path);
  if (!file) return say(ex, 404, "not found\n");
  const auto facts = facts_of(file);
  if (S_ISDIR(facts.st_mode)) return as_directory ? send_directory(ex, std::move(file), path) : redirect_to_slash(ex);
  if (!S_ISREG(facts.st_mode) || as_directory) return say(ex, 404, "not found\n");
  send_regular(ex, file, path, facts);
}

void files::send_directory(csgi::blocking_exchange ex, file_descriptor directory, std::string_view path) const {
  const auto index_path = path.empty() ? std::string("index.html") : std::string(path) + "/index.html";
  if (const auto index = root_.open(index_path)) {
    const auto facts = facts_of(index);
    if (S_ISREG(facts.st_mode)) return send_regular(ex, index, index_path, facts);
  }
  const auto page = listing_page(std::move(directory), ex.head().path);
  ex.start(200, {{"content-type", "text/html; charset=utf-8"}, {"content-length", std::to_string(page.size())}});
  ex.finish(page);
}
