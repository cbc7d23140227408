// all_cases.cpp - see csgi/conformance/case.hpp.
#include "themes.hpp"

namespace csgi::conformance {

std::vector<test_case> all_cases() {
  cases all;
  for (const auto add : {add_metadata_cases, add_malformed_request_cases, add_smuggling_cases, add_request_body_cases,
                         add_expect_cases, add_response_head_cases, add_response_cases, add_around_response_cases, add_fault_cases, add_connection_cases,
                         add_http_1_0_cases, add_split_cases, add_disconnect_cases, add_slow_client_cases, add_exchange_cases,
                         add_extension_cases, add_upgrade_cases, add_websocket_handshake_cases, add_websocket_message_cases, add_websocket_frame_cases,
                         add_websocket_closing_cases, add_websocket_life_cases, add_websocket_compression_cases, add_bridge_cases, add_limit_cases, add_draining_cases, add_stop_cases})
    add(all);
  return all;
}

}  // namespace csgi::conformance
