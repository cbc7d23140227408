// requests.cpp - servers that tell apps something else than what was asked.
#include "views.hpp"
#include "wire_faults.hpp"
#include <algorithm>
#include <cctype>
#include <map>
#include <mutex>

namespace csgi::conformance {

namespace {

std::string lower(std::string_view text) {
  std::string small(text);
  std::ranges::transform(small, small.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return small;
}

/// Decodes a second time.
std::string decoded(std::string_view path) {
  std::string bytes;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const bool escape = path[i] == '%' && i + 2 < path.size();
    bytes += escape ? static_cast<char>(std::stoi(std::string(path.substr(i + 1, 2)), nullptr, 16)) : path[i];
    if (escape) i += 2;
  }
  return bytes;
}

std::string_view after_scheme(std::string_view target) {
  const auto at = target.find("://");
  return at == std::string_view::npos ? std::string_view() : target.substr(at + 3);
}

/// Shows a field of a connection's earlier request again.
void with_leftovers(altered_request& r) {
  static std::mutex mutex;
  static std::map<std::uint16_t, std::string> kept;       // by the client's port
  const std::lock_guard lock(mutex);
  if (const auto first = r.field("x-first")) kept[r.peer.port] = *first;
  else if (kept.contains(r.peer.port)) r.list.push_back({"X-First", r.keep(kept[r.peer.port])});
}

/// Lets go of the head when the response is finished.
class finished_head final : public forwarding_exchange {
 public:
  explicit finished_head(exchange& outer) : forwarding_exchange(outer), head_(outer.head()) {
    head_.query = query_ = head_.query;
  }
  const csgi::request& head() const noexcept override { return head_; }
  begun begin_write(write_op& op) noexcept override {
    if (op.then == ending::finish) query_.assign(query_.size(), '!');
    return next().begin_write(op);
  }

 private:
  csgi::request head_;
  std::string query_;
};

/// Its head is kept in a buffer that the body is read into, too.
class overwritten_head final : public forwarding_exchange {
 public:
  explicit overwritten_head(exchange& outer) : forwarding_exchange(outer), head_(outer.head()) {
    head_.query = query_ = head_.query;
  }
  const csgi::request& head() const noexcept override { return head_; }
  begun begin_read(read_op& op) noexcept override {
    query_.assign(query_.size(), '!');
    return next().begin_read(op);
  }

 private:
  csgi::request head_;
  std::string query_;
};

struct method_refused {
  task<> operator()(async_exchange ex, next_app app) const {
    if (ex.head().method == "PATCH") co_await ex.respond(405, "text/plain", "no\n");
    else co_await app(ex);
  }
};

}  // namespace

broken_servers with_broken_requests() {
  return {
      {"shows_small_methods", {"CSGI-HTTP-001"}, tells([](altered_request& r) { r.method = r.keep(lower(r.method)); }), 
       {"CSGI-HTTP-002", "CSGI-HTTP-004"}},             // where a method is looked at, too
      {"knows_no_patch", {"CSGI-HTTP-002"}, behind(method_refused())},
      {"takes_get_for_GET", {"CSGI-HTTP-003"},
       takes([](std::string& bytes) { if (bytes.starts_with("get ")) bytes.replace(0, 3, "GET"); })},
      {"merges_slashes", {"CSGI-HTTP-004"}, tells([](altered_request& r) {
         std::string path(r.raw_path);
         replace(path, "//", "/");
         r.raw_path = r.keep(std::move(path));
       })},
      {"decodes_twice", {"CSGI-HTTP-005"}, tells([](altered_request& r) { r.path = r.keep(decoded(r.path)); })},
      {"takes_a_bare_percent", {"CSGI-HTTP-006"}, takes([](std::string& bytes) {
         replace_first(bytes, "/%zz", "/%25zz");
       })},
      {"takes_an_empty_query_for_none", {"CSGI-HTTP-007"}, tells([](altered_request& r) { r.has_query = !r.query.empty(); })},
      {"forgets_the_root_path", {"CSGI-HTTP-008"}, tells([](altered_request& r) { r.root_path = {}; })},
      {"serves_outside_its_root", {"CSGI-HTTP-009"}, with([](server_options& o) { o.root_path = {}; })},
      {"believes_any_client", {"CSGI-HTTP-010", "CSGI-HTTP-132"}, tells([](altered_request& r) {
         if (const auto claimed = r.field("x-forwarded-proto")) r.scheme = *claimed;
       })},
      {"calls_all_1_1", {"CSGI-HTTP-011"}, tells([](altered_request& r) { r.version = http_version::http_1_1; })},
      {"takes_the_targets_scheme", {"CSGI-HTTP-012"}, tells([](altered_request& r) {
         if (lower(r.target).starts_with("https:")) r.scheme = "https";
       })},
      {"prefers_host", {"CSGI-HTTP-013"}, tells([](altered_request& r) {
         if (!after_scheme(r.target).empty()) r.authority = r.field("host").value_or("");
       })},
      {"shows_its_own_port_as_the_clients", {"CSGI-HTTP-014"},
       tells([](altered_request& r) { r.peer.port = r.local.port; }), {"CSGI-HTTP-010"}},
      {"takes_no_length_for_no_body", {"CSGI-HTTP-015"}, tells([](altered_request& r) {
         if (r.body == body_kind::known && r.content_length == 0) r.body = body_kind::none;
       })},
      {"drops_the_default_port", {"CSGI-HTTP-013"}, tells([](altered_request& r) {
         if (r.authority.ends_with(":80")) r.authority.remove_suffix(3);
       })},
      {"writes_hosts_small", {"CSGI-HTTP-013"}, tells([](altered_request& r) { r.authority = r.keep(lower(r.authority)); })},
      {"ends_paths_at_nul", {"CSGI-HTTP-005"}, tells([](altered_request& r) { r.path = r.path.substr(0, r.path.find('\0')); })},
      {"drops_repeated_fields", {"CSGI-HTTP-024"}, tells([](altered_request& r) {
         std::vector<field> once;
         for (const field& each : r.list)
           if (std::ranges::none_of(once, [&](const field& f) { return f.name == each.name && f.value == each.value; }))
             once.push_back(each);
         r.list = once;
       })},
      {"hides_what_it_has_heeded", {"CSGI-HTTP-024"}, tells([](altered_request& r) { r.remove("expect"); })},
      {"joins_blanks", {"CSGI-HTTP-026"}, tells([](altered_request& r) {
         for (field& each : r.list) {
           std::string value(each.value);
           replace(value, "  ", " ");
           each.value = r.keep(std::move(value));
         }
       })},
      {"joins_fields", {"CSGI-HTTP-024"}, tells([](altered_request& r) {
         for (auto each = r.list.begin(); each != r.list.end(); ++each)
           for (auto other = each + 1; other != r.list.end();)
             if (same_name(other->name, each->name)) {
               each->value = r.keep(std::string(each->value) + ", " + std::string(other->value));
               other = r.list.erase(other);
             } else {
               ++other;
             }
       }), {"CSGI-HTTP-025"}},                          // where names differ only in case
      {"turns_underscores", {"CSGI-HTTP-025"}, tells([](altered_request& r) {
         for (field& each : r.list) {
           std::string name(each.name);
           std::ranges::replace(name, '_', '-');
           each.name = r.keep(std::move(name));
         }
       }), {"CSGI-HTTP-024"}},                          // where every byte of a name is looked at
      {"drops_odd_bytes", {"CSGI-HTTP-026"}, tells([](altered_request& r) {
         for (field& each : r.list) {
           std::string value(each.value);
           std::erase_if(value, [](unsigned char c) { return c > 0x7f; });
           each.value = r.keep(std::move(value));
         }
       })},
      {"keeps_the_head_in_a_buffer", {"CSGI-CORE-003"}, seen_as<overwritten_head>()},
      {"lets_go_of_the_head_at_the_end", {"CSGI-CORE-003"}, seen_as<finished_head>()},
      {"shows_leftovers", {"CSGI-CORE-004"}, tells(with_leftovers)},
  };
}

}  // namespace csgi::conformance
