// A request's target: read apart it is still all there, decoded once; and what is mounted below prefixes gets its own paths only.
#include "require.hpp"
#include <csgi/async_app.hpp>
#include <csgi/mount_table.hpp>
#include <csgi/plain_path.hpp>
#include <csgi/serving/authority.hpp>
#include <csgi/serving/received_request.hpp>
#include <csgi/serving/request_target.hpp>
#include <filesystem>

namespace {

int digit(char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; }

std::string decoded(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      bytes += text[i];
      continue;
    }
    require(i + 2 < text.size() && std::isxdigit(static_cast<unsigned char>(text[i + 1])) &&
            std::isxdigit(static_cast<unsigned char>(text[i + 2])));
    bytes += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
    i += 2;
  }
  return bytes;
}

/// What was taken apart makes the target again.
void check_parts(std::string_view method, std::string_view target) {
  csgi::request_target found;
  if (const auto why = found.read(method, target)) {
    require(why.status == 400 || (why.status == 501 && method == "CONNECT"));
    return;
  }
  require(std::ranges::all_of(target, [](char c) { return c > ' ' && c < 0x7F; }) && target.find_first_of("\"#<>\\{}") == target.npos);
  std::string again;
  if (!found.authority.empty()) {
    again = std::string(target.substr(0, target.find("://") + 3)).append(found.authority);
    require(found.authority.find_first_of("/?@,#") == std::string_view::npos && csgi::valid_authority(found.authority));
  }
  again.append(found.path);
  if (found.has_query) again.append("?").append(found.query);
  require(again == target && found.path.find('?') == std::string_view::npos);
  require(found.names_host() == (target != "*") && found.encoded == (found.path.find('%') != std::string_view::npos));
  require(found.path.empty() || found.path == "*" || found.path.starts_with('/'));
  std::string bytes;
  csgi::append_decoded(bytes, found.path);
  require(bytes == decoded(found.path));
}

/// What std::filesystem makes of it is the path itself. There, two slashes in front may stand for something else.
bool is_normal(std::string_view path) {
  return !path.starts_with("//") && std::filesystem::path(path).lexically_normal().string() == path;
}

bool encodes_one_of(std::string_view raw, std::string_view bytes) {
  for (auto at = raw.find('%'); at != raw.npos; at = raw.find('%', at + 3))
    if (bytes.find(static_cast<char>(digit(raw[at + 1]) * 16 + digit(raw[at + 2]))) != bytes.npos) return true;
  return false;
}

bool has_control_characters(std::string_view path) {
  return std::ranges::any_of(path, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

/// A path without a fault is what whoever reads it makes of it, and one with a fault is not, or has what need not be encoded.
void check_plain(const csgi::request& head) {
  const bool is_plain = csgi::fault_of_path(head.raw_path) == csgi::path_fault::none;
  const bool one_reading = is_normal(head.path) && !encodes_one_of(head.raw_path, "/.") && head.path.find('\\') == std::string_view::npos &&
                           !has_control_characters(head.path);
  require(is_plain == one_reading);
}

bool is_below(std::string_view path, std::string_view prefix) {
  return path == prefix || path.starts_with(std::string(prefix) + "/");
}

struct silent final : csgi::async_app {
  csgi::task<> http(csgi::async_exchange) override { co_return; }
};

/// The longest prefix that ends where a segment does takes the request; and nothing of the path is lost.
void check_mounts(const csgi::request& head) {
  constexpr std::string_view prefixes[] = {"/a", "/a/b", "/b", "/a/b c", "/a//", "/..", "/%61"};
  silent app, other;
  csgi::mount_table table(other);
  std::string_view longest;
  for (const auto prefix : prefixes) {
    if (prefix.ends_with('/')) continue;
    table.mount(std::string(prefix), app);
    if (is_below(head.tail(), prefix) && prefix.size() > longest.size()) longest = prefix;
  }
  csgi::request below = head;
  const auto chosen = table.choose(head);
  auto* const branch = dynamic_cast<csgi::stand_in*>(&chosen.async());
  require((branch != nullptr) == !longest.empty());
  if (branch) branch->behind(below);
  require(below.root_path == std::string(head.root_path).append(longest));
  require(below.path == head.path && std::string(below.root_path).append(below.tail()) == below.path);
}

/// As a server over somebody's HTTP library reads it.
void check_request(std::string_view method, std::string_view target, std::string_view root_path) {
  const csgi::field fields[] = {{"Host", "a"}};
  csgi::server_options options;
  options.root_path = root_path;
  csgi::received_request received;
  const auto why = received.read({.method = method, .target = target, .fields = fields}, options);
  csgi::request_target found;
  if (const auto wrong = found.read(method, target)) {
    require(why.status == wrong.status);
    return;
  }
  const auto& head = received.head();
  check_plain(head);
  require(why.status == (root_path.empty() || is_below(head.path, root_path) ? 0 : 404));
  require(head.path == decoded(head.raw_path) && head.target == target && head.query == found.query);
  if (why) return;
  require(head.root_path == root_path && std::string(head.root_path).append(head.tail()) == head.path);
  require(root_path.empty() || head.tail().empty() || head.tail().starts_with('/'));
  check_mounts(head);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size == 0) return 0;
  constexpr std::string_view methods[] = {"GET", "OPTIONS", "CONNECT", "POST"};
  constexpr std::string_view roots[] = {"", "/a", "/a/b", "/a b"};
  const auto method = methods[data[0] & 3], root = roots[data[0] >> 2 & 3];
  const auto target = bytes_of(data + 1, size - 1);
  check_parts(method, target);
  check_request(method, target, root);
  return 0;
}
