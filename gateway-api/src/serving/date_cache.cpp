#include <chrono>
#include <csgi/serving/date_cache.hpp>

namespace csgi { inline namespace v1 {
namespace {

constexpr std::string_view day_names = "SunMonTueWedThuFriSat";
constexpr std::string_view month_names = "JanFebMarAprMayJunJulAugSepOctNovDec";

/// Writes at a position that goes on.
class writer {
 public:
  explicit writer(char* at) noexcept : at_(at) {}

  writer& text(std::string_view bytes) noexcept {
    for (const char byte : bytes) *at_++ = byte;
    return *this;
  }
  writer& two_digits(unsigned value) noexcept {
    *at_++ = static_cast<char>('0' + value / 10 % 10);
    *at_++ = static_cast<char>('0' + value % 10);
    return *this;
  }

 private:
  char* at_;
};

}  // namespace

std::string_view date_cache::now() noexcept { return at(std::time(nullptr)); }

std::string_view date_cache::at(std::time_t second) noexcept {
  using namespace std::chrono;
  constexpr std::size_t size = sizeof "Sun, 06 Nov 1994 08:49:37 GMT" - 1;
  if (second != second_) {
    const sys_seconds instant{seconds{second}};
    const sys_days midnight = floor<days>(instant);
    const year_month_day date{midnight};
    const hh_mm_ss clock{instant - midnight};
    const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
    writer(text_)
        .text(day_names.substr(weekday{midnight}.c_encoding() * 3, 3)).text(", ")
        .two_digits(static_cast<unsigned>(date.day())).text(" ")
        .text(month_names.substr((static_cast<unsigned>(date.month()) - 1) * 3, 3)).text(" ")
        .two_digits(year / 100).two_digits(year).text(" ")
        .two_digits(static_cast<unsigned>(clock.hours().count())).text(":")
        .two_digits(static_cast<unsigned>(clock.minutes().count())).text(":")
        .two_digits(static_cast<unsigned>(clock.seconds().count())).text(" GMT");
    second_ = second;
  }
  return {text_, size};
}

}}  // namespace csgi::v1
