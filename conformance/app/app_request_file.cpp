// app_request_file.cpp - requests that an author has written down.
#include <algorithm>
#include <charconv>
#include <csgi/testing/request_options.hpp>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include "app_request.hpp"

namespace csgi::conformance {

namespace {

class reader {
 public:
  reader(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)) {}

  std::vector<app_request> read() {
    std::vector<app_request> all;
    while (!rest().empty()) {
      const auto line = peek();
      if (line.empty()) take_line();
      else if (line.starts_with("###")) title_ = trimmed(take_line().substr(3));
      else all.push_back(request());
    }
    if (all.empty()) fail("there is no request in it");
    return all;
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw std::runtime_error(name_ + ':' + std::to_string(line_) + ": " + why);
  }

  std::string_view rest() const noexcept { return std::string_view(text_).substr(at_); }

  std::string_view peek() const noexcept {
    auto line = rest().substr(0, rest().find('\n'));
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }

  std::string_view take_line() {
    const auto line = peek();
    const auto end = rest().find('\n');
    at_ = end == std::string_view::npos ? text_.size() : at_ + end + 1;
    ++line_;
    return line;
  }

  static std::string_view trimmed(std::string_view text) noexcept {
    while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
    while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
    return text;
  }

  app_request request() {
    app_request r;
    request_line(r);
    while (!rest().empty() && !peek().empty() && !peek().starts_with("###")) field(r);
    const auto upgrade = testing::find_field(r.fields, "upgrade");
    r.opens_websocket = upgrade && same_name(*upgrade, "websocket");
    if (r.opens_websocket) add_handshake(r);
    if (peek().empty() && !rest().empty()) {
      take_line();
      if (r.opens_websocket) messages(r);
      else body(r);
    } else if (length_of(r) > 0) {
      fail("the request has a Content-Length, but no empty line and no body");
    }
    r.name = title_.empty() ? r.method + ' ' + r.target : title_;
    title_.clear();
    check(r);
    return r;
  }

  void request_line(app_request& r) {
    const auto line = peek();
    const auto first = line.find(' ');
    if (first == std::string_view::npos) fail("a request line is wanted here, as GET /path HTTP/1.1");
    auto target = line.substr(first + 1);
    const auto second = target.find(' ');
    const auto version = second == std::string_view::npos ? "HTTP/1.1" : target.substr(second + 1);
    if (version != "HTTP/1.1" && version != "HTTP/1.0")
      fail("the version is neither HTTP/1.1 nor HTTP/1.0: " + std::string(version));
    r.method = line.substr(0, first);
    r.target = target.substr(0, second);
    r.version = version == "HTTP/1.0" ? http_version::http_1_0 : http_version::http_1_1;
    take_line();
  }

  void field(app_request& r) {
    const auto line = peek();
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) fail("a field is wanted here, as Name: value");
    r.fields.push_back({std::string(line.substr(0, colon)), std::string(trimmed(line.substr(colon + 1)))});
    take_line();
  }

  /// 0 where there is none.
  std::size_t length_of(const app_request& r) const {
    const auto text = testing::find_field(r.fields, "content-length");
    if (!text) return 0;
    std::size_t length = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), length);
    if (error != std::errc{} || end != text->data() + text->size()) fail("the Content-Length is no number");
    return length;
  }

  void body(app_request& r) {
    const bool chunked = testing::find_field(r.fields, "transfer-encoding").has_value();
    std::string bytes;
    if (testing::find_field(r.fields, "content-length")) {
      const auto length = length_of(r);
      if (length > rest().size()) fail("the file ends before the body does, by its Content-Length");
      bytes = rest().substr(0, length);
      at_ += length;
      line_ += static_cast<std::size_t>(std::ranges::count(bytes, '\n'));
      r.body = body_kind::known;
    } else {
      while (!rest().empty() && !peek().starts_with("###")) {
        const auto begin = at_;
        take_line();
        bytes += text_.substr(begin, at_ - begin);
      }
      if (bytes.ends_with('\n')) bytes.pop_back();
      if (bytes.ends_with('\r')) bytes.pop_back();
      r.body = chunked ? body_kind::unknown : bytes.empty() ? body_kind::none : body_kind::known;
    }
    if (r.body != body_kind::none) r.chunks.push_back(std::move(bytes));
  }

  static void add_handshake(app_request& r) {
    for (const testing::named_value& each : {testing::named_value{"connection", "Upgrade"}, testing::named_value{"sec-websocket-version", "13"},
                                             testing::named_value{"sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="}})
      if (!testing::find_field(r.fields, each.name)) r.fields.push_back(each);
  }

  /// A line each; those at the end that are empty are none.
  void messages(app_request& r) {
    while (!rest().empty() && !peek().starts_with("###")) r.messages.emplace_back(take_line());
    while (!r.messages.empty() && r.messages.back().empty()) r.messages.pop_back();
  }

  void check(const app_request& r) const {
    try {
      const testing::request_head head(r.method, r.target, {.fields = r.fields}, {});
    } catch (const std::invalid_argument& error) {
      fail(r.name + ": " + error.what());
    }
  }

  const std::string name_;
  const std::string text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::string title_;
};

}  // namespace

std::vector<app_request> read_app_requests(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) throw std::runtime_error("cannot read " + file.string());
  return reader(file.string(), text.str()).read();
}

}  // namespace csgi::conformance
