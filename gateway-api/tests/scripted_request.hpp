// scripted_request.hpp - for tests: a request that owns its bytes, and what becomes of its body.
#pragma once
#include <csgi/request.hpp>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace csgi {

/// What follows the last chunk of a scripted body.
enum class body_end : unsigned char { whole, truncated, stalled };

struct scripted_request {
  std::string method = "GET";
  std::string target = "/";
  std::vector<std::pair<std::string, std::string>> fields = {};
  std::vector<std::string> chunks = {};     ///< of the body, as they arrive
  body_end end = body_end::whole;
  body_kind kind = body_kind::none;         ///< none with chunks: known
  std::string root_path = {};
};

/// The request head of a script, as a server would present it.
class scripted_head {
 public:
  explicit scripted_head(scripted_request script) : script_(std::move(script)) {
    for (const auto& [name, value] : script_.fields) fields_.push_back({name, value});
    const std::string_view target = script_.target;
    const auto mark = target.find('?');
    head_.method = script_.method;
    head_.target = target;
    head_.raw_path = target.substr(0, mark);
    head_.has_query = mark != std::string_view::npos;
    if (head_.has_query) head_.query = target.substr(mark + 1);
    path_ = decoded(head_.raw_path);
    head_.path = path_;
    head_.root_path = script_.root_path;
    head_.scheme = "http";
    head_.fields = fields_;
    head_.authority = head_.field("host").value_or("");
    head_.peer = {endpoint::kind::ip, 50'000, "192.0.2.7"};
    head_.local = {endpoint::kind::ip, 8000, "192.0.2.1"};
    head_.body = script_.kind;
    if (head_.body == body_kind::none && !script_.chunks.empty()) head_.body = body_kind::known;
    for (const auto& chunk : script_.chunks) head_.content_length += chunk.size();
  }
  scripted_head(const scripted_head&) = delete;
  scripted_head& operator=(const scripted_head&) = delete;

  const request& head() const noexcept { return head_; }
  const scripted_request& script() const noexcept { return script_; }

 private:
  static std::string decoded(std::string_view raw) {
    std::string bytes;
    for (std::size_t i = 0; i < raw.size(); ++i) {
      if (raw[i] != '%') {
        bytes += raw[i];
        continue;
      }
      bytes += static_cast<char>(std::stoi(std::string(raw.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    }
    return bytes;
  }

  scripted_request script_;
  std::vector<field> fields_;
  std::string path_;
  request head_;
};

}  // namespace csgi
