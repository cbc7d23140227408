// complaints.hpp - a failure as a line on standard error and an exit code.
#pragma once
#include <functional>

namespace csgi::cli {

/// What `act` gives; 2 when it throws usage_error, 1 for any other exception, which is told.
int exit_code_of(const std::function<int()>& act);

}  // namespace csgi::cli
