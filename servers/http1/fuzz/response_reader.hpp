// response_reader.hpp - what a strict client makes of the bytes it got: a reader of its own, which shares nothing with servers.
#pragma once
#include "require.hpp"
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

struct wire_field {
  std::string name, value;

  bool operator==(const wire_field&) const = default;
};

/// How a response ended on the wire.
enum class wire_end : unsigned char { whole, cut, with_connection };

struct wire_response {
  int status = 0;                         ///< 0: cut within its head
  std::string reason = {};
  std::vector<wire_field> fields = {};
  std::string body = {};
  std::vector<wire_field> trailers = {};
  wire_end end = wire_end::cut;

  bool informational() const { return status >= 100 && status <= 199 && status != 101; }

  /// The value of the only field of that name, which is spelt as servers here spell it.
  std::optional<std::string_view> only(std::string_view name) const {
    std::optional<std::string_view> found;
    for (const auto& field : fields) {
      if (!same(field.name, name)) continue;
      require(!found);
      found = field.value;
    }
    return found;
  }

  static bool same(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::ranges::equal(a, b, {}, lower, lower);
  }
};

/// Reads responses one after the other, head and body. What a well-formed response never has ends the program.
class response_reader {
 public:
  explicit response_reader(std::string_view wire) : rest_(wire) {}

  std::string_view rest() const { return rest_; }

  wire_response read_head() {
    wire_response response;
    const auto size = rest_.find("\r\n\r\n");
    if (size == rest_.npos) {
      rest_ = {};
      return response;
    }
    auto head = rest_.substr(0, size + 2);
    rest_.remove_prefix(size + 4);
    read_status(take_line(head), response);
    while (!head.empty()) response.fields.push_back(field_of(take_line(head)));
    check_framing(response);
    return response;
  }

  /// `bodiless` says that it answers HEAD.
  void read_body(wire_response& response, bool bodiless) {
    if (response.status == 0) return;
    const auto length = response.only("content-length");
    response.end = wire_end::whole;
    if (bodiless || response.status < 200 || response.status == 204 || response.status == 304) return;
    if (response.only("transfer-encoding")) return read_chunks(response);
    if (!length) {
      response.body = rest_;
      rest_ = {};
      response.end = wire_end::with_connection;
      return;
    }
    const auto wanted = number_of(*length, 10);
    if (wanted > rest_.size()) response.end = wire_end::cut;
    response.body = take(static_cast<std::size_t>(std::min<std::uint64_t>(wanted, rest_.size())));
  }

 private:
  static bool is_token(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
             std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
    });
  }

  static std::uint64_t number_of(std::string_view digits, int base) {
    std::uint64_t value = 0;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    require(failure == std::errc() && end == digits.data() + digits.size());
    return value;
  }

  static std::string_view take_line(std::string_view& text) {
    const auto size = text.find("\r\n");
    require(size != text.npos);
    const auto line = text.substr(0, size);
    text.remove_prefix(size + 2);
    require(std::ranges::none_of(line, [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F; }));
    return line;
  }

  static void read_status(std::string_view line, wire_response& response) {
    require(line.size() >= 13 && line.starts_with("HTTP/1.1 ") && line[12] == ' ');
    response.status = static_cast<int>(number_of(line.substr(9, 3), 10));
    require(response.status >= 100 && response.status <= 599);
    response.reason = line.substr(13);
  }

  static wire_field field_of(std::string_view line) {
    const auto colon = line.find(": ");
    require(colon != line.npos && is_token(line.substr(0, colon)));
    return {std::string(line.substr(0, colon)), std::string(line.substr(colon + 2))};
  }

  static void check_framing(const wire_response& response) {
    const auto length = response.only("content-length");
    const auto coding = response.only("transfer-encoding");
    require(!coding || (*coding == "chunked" && !length));
    if (response.status < 200 || response.status == 204) require(!length && !coding);
  }

  std::string_view take(std::size_t count) {
    const auto taken = rest_.substr(0, count);
    rest_.remove_prefix(taken.size());
    return taken;
  }

  /// A line, or nothing where the bytes end within it.
  std::optional<std::string_view> next_line() {
    if (rest_.find("\r\n") == rest_.npos) {
      rest_ = {};
      return std::nullopt;
    }
    return take_line(rest_);
  }

  void read_chunks(wire_response& response) {
    response.end = wire_end::cut;
    for (;;) {
      const auto line = next_line();
      if (!line) return;
      const auto size = number_of(*line, 16);
      if (size == 0) return read_trailers(response);
      response.body += take(static_cast<std::size_t>(std::min<std::uint64_t>(size, rest_.size())));
      if (rest_.size() < 2) {
        rest_ = {};
        return;
      }
      require(take(2) == "\r\n");
    }
  }

  void read_trailers(wire_response& response) {
    for (;;) {
      const auto line = next_line();
      if (!line) return;
      if (line->empty()) break;
      response.trailers.push_back(field_of(*line));
    }
    response.end = wire_end::whole;
  }

  std::string_view rest_;
};
