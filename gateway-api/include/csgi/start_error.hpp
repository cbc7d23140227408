// csgi/start_error.hpp - what the errors of exchange::start() mean, for the message of its exception.
#pragma once
#include <csgi/checked_head.hpp>
#include <csgi/exchange.hpp>

namespace csgi { inline namespace v1 {

/// What of a head that start() refuses may not be sent; null: nothing that the head alone tells.
inline const char* unsendable_part(const response_head& head) noexcept {
  if (const auto checked = check_head(head))
    return checked->length ? "trailers are announced, and no Content-Length goes with them" : nullptr;
  if (head.status < 200 || head.status > 599) return "a status outside of 200 to 599";
  if (!is_field_text(head.reason)) return "a reason that may not be sent";
  for (const field& f : head.fields)
    if (belongs_to_server(f.name)) return "a field that the server alone sends, such as Connection, Transfer-Encoding or Trailer";
  return "a field whose name or value may not be sent";
}

/// Requires: the start was just refused.
inline const char* start_error(std::error_code code, const exchange& refused_by, const response_head& head) noexcept {
  if (code == std::errc::invalid_argument) return unsendable_part(head);
  if (code != std::errc::operation_not_permitted) return nullptr;
  if (refused_by.phase() == phase::finished) return "the response is finished";
  if (refused_by.phase() == phase::aborted) return "the response is aborted";
  if (refused_by.head().field("sec-websocket-key")) return "the response is on its way, or a WebSocket was accepted";
  return "the response is on its way";
}

}}  // namespace csgi::v1
