// themes.hpp - the cases of the server suite, a function a theme.
#pragma once
#include <csgi/conformance/case.hpp>

namespace csgi::conformance {

using cases = std::vector<test_case>;

/// Gives a server time to do what it must not do, without a sleep: another request sleeps.
inline step moment() { return meanwhile("GET {root}/nap?200 HTTP/1.1\r\nHost: probe\r\n\r\n", answer(200)); }

void add_metadata_cases(cases& to);
void add_malformed_request_cases(cases& to);
void add_smuggling_cases(cases& to);
void add_request_body_cases(cases& to);
void add_expect_cases(cases& to);
void add_response_cases(cases& to);
void add_response_head_cases(cases& to);
void add_fault_cases(cases& to);
void add_connection_cases(cases& to);
void add_http_1_0_cases(cases& to);
void add_split_cases(cases& to);
void add_disconnect_cases(cases& to);
void add_slow_client_cases(cases& to);
void add_exchange_cases(cases& to);
void add_extension_cases(cases& to);
void add_limit_cases(cases& to);
void add_upgrade_cases(cases& to);
void add_websocket_handshake_cases(cases& to);
void add_websocket_message_cases(cases& to);
void add_websocket_frame_cases(cases& to);
void add_websocket_closing_cases(cases& to);
void add_websocket_life_cases(cases& to);
void add_websocket_compression_cases(cases& to);
void add_bridge_cases(cases& to);
void add_draining_cases(cases& to);
void add_around_response_cases(cases& to);
void add_stop_cases(cases& to);

}  // namespace csgi::conformance
