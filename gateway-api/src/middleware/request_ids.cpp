// request_ids.cpp - see csgi/middleware/request_ids.hpp.
#include <csgi/middleware/request_ids.hpp>
#include <atomic>
#include <random>

namespace csgi { inline namespace v1 {
namespace {

bool is_well_formed(std::string_view id) noexcept {
  return !id.empty() && id.size() <= 128 && std::ranges::all_of(id, [](char c) {
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
           std::string_view("-._~+/=:@").find(c) != std::string_view::npos;
  });
}

std::uint64_t random_bits() {
  std::random_device device;
  return (std::uint64_t{device()} << 32) | device();
}

/// Steele, Lea, Flood 2014: the finaliser of SplitMix. Different numbers stay different.
std::uint64_t scattered(std::uint64_t n) noexcept {
  n = (n ^ (n >> 30)) * 0xbf58476d1ce4e5b9u;
  n = (n ^ (n >> 27)) * 0x94d049bb133111ebu;
  return n ^ (n >> 31);
}

/// The first half tells processes apart, the second the ids of one. They are unique, not secret.
std::string_view make_id(std::array<char, 32>& in) {
  static const std::uint64_t process = random_bits();
  static std::atomic<std::uint64_t> next{random_bits()};
  const std::uint64_t halves[] = {process, scattered(next.fetch_add(1, std::memory_order_relaxed))};
  auto at = in.begin();
  for (const auto half : halves)
    for (int shift = 60; shift >= 0; shift -= 4) *at++ = "0123456789abcdef"[(half >> shift) & 15];
  return {in.data(), in.size()};
}

}  // namespace

request_ids_hooks::request_ids_hooks(exchange& next) : hooks(next) {
  if (const auto* const outer = static_cast<request_id*>(next.find(request_id::id))) {
    given_ = *outer;
    return;
  }
  given_.value = next.head().field("x-request-id").value_or("");
  if (is_well_formed(given_.value)) return;
  given_.value = make_id(made_);
}

void* request_ids_hooks::find(const extension_id& wanted) noexcept {
  return wanted == request_id::id ? &given_ : hooks::find(wanted);
}

void request_ids_hooks::on_start(head_edit& head) { head.fields.set("x-request-id", given_.value); }

}}  // namespace csgi::v1
