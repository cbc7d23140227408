// request_costs: what a kept connection's request costs that can be counted, and is the same each time: allocations, and,
// where callgrind runs it, instructions. The script `costs` beside it compares them with those recorded.
//
//   request_costs toolchain      what the figures hold for
//   request_costs allocations    one line each: how many in 1,000 requests, and what they were
//   request_costs instructions   leaves a callgrind dump for each, named N NAME: N times what was counted
#include "counted.hpp"
#include <boost/version.hpp>
#include <gnu/libc-version.h>
#include <cstdio>
#include <exception>
#include <iostream>
#include <string_view>

namespace {

void print_toolchain() {
#ifdef __clang__
  std::printf("clang " __clang_version__);
#else
  std::printf("g++ " __VERSION__);
#endif
#ifdef __x86_64__
  std::printf(", x86_64");
#endif
#ifdef __OPTIMIZE__
  std::printf(", optimised");
#endif
  if (!csgi::bench::can_count_instructions()) std::printf(", built without valgrind/callgrind.h");
  std::printf(", glibc %s, Boost %s\n", gnu_get_libc_version(), BOOST_LIB_VERSION);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc == 2 ? argv[1] : "";
  try {
    if (what == "toolchain") print_toolchain();
    else if (what == "allocations") csgi::bench::count_allocations();
    else if (what == "instructions") csgi::bench::count_instructions();
    else return std::cerr << "request_costs: takes toolchain, allocations or instructions\n", 2;
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "request_costs: " << error.what() << '\n';
    return 1;
  }
}
