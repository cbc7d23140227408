// around_responses.cpp - servers that say too much or too little before a response and behind it, or hide what waits to be sent.
#include "views.hpp"
#include <csgi/informational.hpp>
#include <csgi/request_info.hpp>
#include <csgi/response_buffer.hpp>
#include <csgi/tls_info.hpp>
#include <csgi/trailers.hpp>

namespace csgi::conformance {

namespace {

constexpr auto narrow = broken_server::reach::narrow;

/// An exchange that has another one of an extension. Own, made for the exchange and the extension there is, or null.
template <class Extension, class Own>
class other_extension final : public forwarding_exchange {
 public:
  explicit other_extension(exchange& outer) : forwarding_exchange(outer), own_(outer, static_cast<Extension*>(outer.find(Extension::id))) {}
  void* find(const extension_id& id) noexcept override {
    if (id != Extension::id) return next().find(id);
    return own_.next || Own::invented ? static_cast<Extension*>(&own_) : nullptr;
  }

 private:
  Own own_;
};

template <class Extension, class Own>
faulty_server has() { return seen_as<other_extension<Extension, Own>>(); }

template <class Extension>
struct standing_in : Extension {
  static constexpr bool invented = false;       // offered where there is none

  standing_in(exchange& of, Extension* there) noexcept : outer(of), next(there) {}
  exchange& outer;
  Extension* next;

 protected:
  ~standing_in() = default;
};

begun over(operation& op, std::error_code how = {}) noexcept {
  op.error = how;
  return begun::completed;
}

// --- informational ------------------------------------------------------------------------------------------------

struct hints_for_all final : standing_in<informational> {
  static constexpr bool invented = true;
  using standing_in::standing_in;
  begun begin_inform(inform_op& op) noexcept override { return next ? next->begin_inform(op) : over(op); }
};

struct lost_hints final : standing_in<informational> {
  using standing_in::standing_in;
  begun begin_inform(inform_op& op) noexcept override { return over(op); }
};

struct bare_hints final : standing_in<informational> {
  using standing_in::standing_in;
  begun begin_inform(inform_op& op) noexcept override {
    op.fields = {};
    return next->begin_inform(op);
  }
};

struct careless_hints final : standing_in<informational> {
  using standing_in::standing_in;
  begun begin_inform(inform_op& op) noexcept override {
    const begun how = next->begin_inform(op);
    if (how == begun::completed && op.error == std::errc::invalid_argument) op.error = {};
    return how;
  }
};

// --- trailers -----------------------------------------------------------------------------------------------------

struct lost_request_trailers final : standing_in<request_trailers> {
  using standing_in::standing_in;
  std::span<const field> fields() const noexcept override { return {}; }
};

struct trailers : standing_in<response_trailers> {
  using standing_in::standing_in;
  bool wanted() const noexcept override { return next && next->wanted(); }
  std::error_code announce(std::span<const std::string_view> names) noexcept override { return next ? next->announce(names) : no_error; }
  std::error_code set(std::span<const field> fields) noexcept override { return next ? next->set(fields) : no_error; }

 protected:
  ~trailers() = default;
};

struct lost_trailers final : trailers {
  using trailers::trailers;
  std::error_code set(std::span<const field> fields) noexcept override {
    if (const auto refused = next->set(fields)) return refused;
    return next->set({});
  }
};

struct trailers_for_all final : trailers {
  static constexpr bool invented = true;
  using trailers::trailers;
};

struct careless_announcements final : trailers {
  using trailers::trailers;
  std::error_code announce(std::span<const std::string_view> names) noexcept override {
    const auto refused = next->announce(names);
    return refused == std::errc::invalid_argument ? no_error : refused;
  }
};

struct careless_trailers final : trailers {
  using trailers::trailers;
  std::error_code set(std::span<const field> fields) noexcept override {
    const auto refused = next->set(fields);
    return refused == std::errc::invalid_argument ? no_error : refused;
  }
};

struct always_wanted final : trailers {
  using trailers::trailers;
  bool wanted() const noexcept override { return true; }
};

// --- buffers ------------------------------------------------------------------------------------------------------

struct buffer : standing_in<response_buffer> {
  using standing_in::standing_in;
  std::size_t buffered() const noexcept override { return next->buffered(); }
  std::size_t high_water() const noexcept override { return next->high_water(); }
  void set_high_water(std::size_t bytes) noexcept override { next->set_high_water(bytes); }
  begun begin_drained(drain_op& op) noexcept override { return next->begin_drained(op); }

 protected:
  ~buffer() = default;
};

struct never_empty final : buffer {
  using buffer::buffer;
  std::size_t buffered() const noexcept override { return next->buffered() + 1; }
};

struct fixed_mark final : buffer {
  using buffer::buffer;
  void set_high_water(std::size_t) noexcept override {}
};

struct drained_at_once final : buffer {
  using buffer::buffer;
  begun begin_drained(drain_op& op) noexcept override { return over(op); }
};

// --- what is known ------------------------------------------------------------------------------------------------

struct other_numbers final : standing_in<request_info> {
  using standing_in::standing_in;
  clock::time_point received() const noexcept override { return next->received(); }
  std::uint64_t number() const noexcept override { return ~next->number(); }
};

struct other_times final : standing_in<request_info> {
  using standing_in::standing_in;
  clock::time_point received() const noexcept override { return {}; }
  std::uint64_t number() const noexcept override { return next->number(); }
};

struct made_up_tls final : standing_in<tls_info> {
  static constexpr bool invented = true;
  using standing_in::standing_in;
  std::string_view version() const noexcept override { return "TLSv1.3"; }
  std::string_view cipher() const noexcept override { return {}; }
  std::string_view server_name() const noexcept override { return {}; }
  std::string_view protocol() const noexcept override { return {}; }
  std::string_view client_certificate() const noexcept override { return {}; }
};

}  // namespace

broken_servers with_broken_things_around_responses() {
  return {
      {"hints_for_http_1_0", {"CSGI-EXT-050"}, has<informational, hints_for_all>()},
      {"loses_hints", {"CSGI-EXT-051", "CSGI-HTTP-083"}, has<informational, lost_hints>(), {"CSGI-EXT-052"}, narrow},
      {"sends_hints_without_fields", {"CSGI-EXT-051"}, has<informational, bare_hints>(), {"CSGI-EXT-052"}, narrow},
      {"lets_any_hint_pass", {"CSGI-EXT-052"}, has<informational, careless_hints>()},
      {"loses_request_trailers", {"CSGI-HTTP-050"}, has<request_trailers, lost_request_trailers>()},
      {"loses_trailers", {"CSGI-HTTP-082"}, has<response_trailers, lost_trailers>(), {}, narrow},
      {"has_trailers_for_all", {"CSGI-EXT-053"}, has<response_trailers, trailers_for_all>()},
      {"lets_any_trailer_be_announced", {"CSGI-EXT-054"}, has<response_trailers, careless_announcements>()},
      {"lets_any_trailer_pass", {"CSGI-EXT-055"}, has<response_trailers, careless_trailers>()},
      {"thinks_that_trailers_are_wanted", {"CSGI-EXT-055"}, has<response_trailers, always_wanted>(), {}, narrow},
      {"has_a_byte_left_for_ever", {"CSGI-EXT-056"}, has<response_buffer, never_empty>(), {}, narrow},
      {"has_a_mark_of_its_own", {"CSGI-EXT-057"}, has<response_buffer, fixed_mark>(), {}, narrow},
      {"says_at_once_that_all_is_sent", {"CSGI-EXT-058"}, has<response_buffer, drained_at_once>(), {}, narrow},
      {"counts_requests_down", {"CSGI-EXT-059"}, has<request_info, other_numbers>()},
      {"does_not_know_when", {"CSGI-EXT-059"}, has<request_info, other_times>()},
      {"makes_up_an_encryption", {"CSGI-EXT-060"}, has<tls_info, made_up_tls>()},
  };
}

}  // namespace csgi::conformance
