#include "websocket_extension_list.hpp"
#include <algorithm>
#include <csgi/serving/websocket_deflate.hpp>
#include <stdexcept>

namespace csgi { inline namespace v1 {
namespace {

constexpr std::string_view extension_name = "permessage-deflate";
constexpr int least_window_bits = 8, least_deflate_window_bits = 9, most_window_bits = 15;

/// "a decimal integer value without leading zeroes between 8 to 15"; 0 for what is none.
int window_bits(std::string_view text) noexcept {
  for (int bits = least_window_bits; bits <= most_window_bits; ++bits) {
    const char digits[] = {'1', static_cast<char>('0' + bits % 10)};
    if (text == std::string_view(digits, 2).substr(bits < 10 ? 1 : 0)) return bits;
  }
  return 0;
}

/// One offer's parameters.
class deflate_offer {
 public:
  void read(const websocket_extension_list::parameter& p) noexcept {
    if (p.name == "server_no_context_takeover") read_flag(no_server_takeover_, p);
    else if (p.name == "client_no_context_takeover") read_flag(no_client_takeover_, p);
    else if (p.name == "server_max_window_bits" && p.value) read_bits(server_bits_, *p.value);
    else if (p.name == "client_max_window_bits") read_bits(client_bits_, p.value.value_or("15"));
    else valid_ = false;
  }

  std::optional<websocket_deflate_terms> met(const websocket_deflate_settings& settings) const noexcept {
    if (!valid_ || server_bits_.value_or(most_window_bits) < least_deflate_window_bits) return std::nullopt;
    websocket_deflate_terms terms;
    terms.server_takeover = settings.server_takeover && !no_server_takeover_;
    terms.client_takeover = settings.client_takeover && !no_client_takeover_;
    terms.server_window_bits = std::min(settings.server_window_bits, server_bits_.value_or(most_window_bits));
    // 7.1.2.2: a client that does not offer the parameter cannot be told.
    if (client_bits_) terms.client_window_bits = std::min(settings.client_window_bits, *client_bits_);
    return terms;
  }

 private:
  void read_flag(bool& flag, const websocket_extension_list::parameter& p) noexcept {
    if (flag || p.value) valid_ = false;
    flag = true;
  }

  void read_bits(std::optional<int>& bits, std::string_view value) noexcept {
    if (bits) valid_ = false;
    bits = window_bits(value);
    if (*bits == 0) valid_ = false;
  }

  std::optional<int> server_bits_;
  std::optional<int> client_bits_;
  bool no_server_takeover_ = false;
  bool no_client_takeover_ = false;
  bool valid_ = true;
};

std::optional<websocket_deflate_terms> agree_on_field(std::string_view value, const websocket_deflate_settings& settings) noexcept {
  websocket_extension_list list(value);
  while (const auto name = list.next_extension()) {
    if (!same_name(*name, extension_name)) continue;
    deflate_offer offer;
    while (const auto parameter = list.next_parameter()) offer.read(*parameter);
    if (!list.well_formed()) break;
    if (const auto terms = offer.met(settings)) return terms;
  }
  return std::nullopt;
}

void require(bool fact, const char* complaint) {
  if (!fact) throw std::invalid_argument(complaint);
}

}  // namespace

void check(const websocket_deflate_settings& settings) {
  const auto in = [](int value, int least, int most) { return value >= least && value <= most; };
  require(in(settings.server_window_bits, least_deflate_window_bits, most_window_bits),
          "deflate.server_window_bits is not 9 to 15");
  require(in(settings.client_window_bits, least_deflate_window_bits, most_window_bits),
          "deflate.client_window_bits is not 9 to 15");
  require(in(settings.memory_level, 1, 9), "deflate.memory_level is not 1 to 9");
  require(in(settings.level, 1, 9), "deflate.level is not 1 to 9");
}

std::optional<websocket_deflate_terms> agree_on_websocket_deflate(std::span<const field> request_fields,
                                                                  const websocket_deflate_settings& settings) noexcept {
  if (!settings.enabled) return std::nullopt;
  for (const field& f : request_fields)
    if (same_name(f.name, "sec-websocket-extensions"))
      if (const auto terms = agree_on_field(f.value, settings)) return terms;
  return std::nullopt;
}

std::string to_extension(const websocket_deflate_terms& terms) {
  std::string text(extension_name);
  if (!terms.server_takeover) text += "; server_no_context_takeover";
  if (!terms.client_takeover) text += "; client_no_context_takeover";
  if (terms.server_window_bits < most_window_bits) text += "; server_max_window_bits=" + std::to_string(terms.server_window_bits);
  if (terms.client_window_bits < most_window_bits) text += "; client_max_window_bits=" + std::to_string(terms.client_window_bits);
  return text;
}

}}  // namespace csgi::v1
