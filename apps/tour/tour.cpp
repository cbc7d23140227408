#include "tour.hpp"

namespace {

std::optional<files> files_of(csgi::arguments given) {
  if (given.empty()) return std::nullopt;
  return std::optional<files>(std::in_place, given);
}

}  // namespace

tour::tour(csgi::arguments given)
    : files_(files_of(given)), landing_(files_ ? landing::files_link::mounted : landing::files_link::absent),
      table_(landing_) {
  table_.mount("/hello-blocking", hello_blocking_);
  table_.mount("/hello-async", hello_async_);
  table_.mount("/echo", echo_);
  table_.mount("/stream", stream_);
  table_.mount("/members", members_);
  if (files_) table_.mount("/files", *files_);
}
