// response_rules.cpp - see csgi/response_rules.hpp.
#include <csgi/response_rules.hpp>

namespace csgi { inline namespace v1 {

std::error_code response_rules::start(const response_head& head) noexcept {
  const auto checked = check_head(head);
  if (const auto refused = refusal(checked)) return refused;
  start(head, *checked);
  return no_error;
}

body_end response_rules::end_of_body(std::uint64_t size, ending then) const noexcept {
  const bool whole = then == ending::finish;
  if (!sends_body()) {
    // A HEAD response tells the length GET would give, if the app wrote the body that GET would get.
    const bool counts = facts_.head_request && status_ != 204 && status_ != 304 && !has_length_ && whole && size > 0;
    return counts ? body_end::counted : body_end::said;
  }
  if (has_length_) return body_end::said;
  if (whole && !wants_chunks_) return body_end::counted;
  return facts_.version == http_version::http_1_0 ? body_end::close : body_end::chunks;
}

std::error_code response_rules::write(std::uint64_t size, ending then) noexcept {
  if (phase_ != csgi::phase::started && phase_ != csgi::phase::committed)
    return std::make_error_code(std::errc::operation_not_permitted);
  if (size == 0 && then == ending::more) return no_error;
  const bool finishes = then == ending::finish;
  if (has_length_ && sends_body()) {
    if (size > declared_ - written_) return std::make_error_code(std::errc::message_size);
    if (finishes && size < declared_ - written_) {
      abort();
      return std::make_error_code(std::errc::bad_message);
    }
  }
  if (phase_ == csgi::phase::started) end_ = end_of_body(size, then);
  written_ += size;
  committed_status_ = status_;
  phase_ = finishes ? csgi::phase::finished : csgi::phase::committed;
  return no_error;
}

std::error_code response_rules::upgrade() noexcept {
  if (phase_ >= csgi::phase::committed) return std::make_error_code(std::errc::operation_not_permitted);
  status_ = committed_status_ = 101;
  has_length_ = false;
  end_ = body_end::close;
  phase_ = csgi::phase::committed;
  return {};
}

std::error_code response_rules::want_chunks() noexcept {
  if (phase_ >= csgi::phase::committed) return std::make_error_code(std::errc::operation_not_permitted);
  if (phase_ == csgi::phase::started && has_length_) return std::make_error_code(std::errc::invalid_argument);
  wants_chunks_ = true;
  return {};
}

void response_rules::abort() noexcept {
  if (phase_ != csgi::phase::finished) phase_ = csgi::phase::aborted;
}

}}  // namespace csgi::v1
