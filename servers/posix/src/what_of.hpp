// what_of.hpp - the words of whatever was thrown.
#pragma once
#include <exception>
#include <string>

namespace csgi::posix {

inline std::string what_of(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "something that is not a std::exception";
  }
}

}  // namespace csgi::posix
