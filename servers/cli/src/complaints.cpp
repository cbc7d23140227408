// complaints.cpp - see complaints.hpp.
#include "complaints.hpp"
#include "command_line.hpp"
#include "console.hpp"

namespace csgi::cli {

int exit_code_of(const std::function<int()>& act) {
  try {
    return act();
  } catch (const usage_error& error) {
    complain(error.what());
    return 2;
  } catch (const std::exception& error) {
    complain(error.what());
    return 1;
  }
}

}  // namespace csgi::cli
