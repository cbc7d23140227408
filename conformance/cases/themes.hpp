// themes.hpp - the cases of the server suite, a function a theme.
#pragma once
#include <csgi/conformance/case.hpp>

namespace csgi::conformance {

using cases = std::vector<test_case>;

void add_metadata_cases(cases& to);
void add_limit_cases(cases& to);
void add_malformed_request_cases(cases& to);
void add_request_body_cases(cases& to);
void add_response_cases(cases& to);
void add_fault_cases(cases& to);
void add_connection_cases(cases& to);
void add_disconnect_cases(cases& to);
void add_exchange_cases(cases& to);
void add_extension_cases(cases& to);
void add_stop_cases(cases& to);

}  // namespace csgi::conformance
