# How everything here is compiled: warnings, sanitizers, places of products, and one-line target helpers.

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release)
endif()
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)

find_program(CSGI_CCACHE ccache)
if(CSGI_CCACHE)
  # As precompiled headers need it: what they define is compared by the compiler, and nobody writes __TIME__ here.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CSGI_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CSGI_CCACHE})
endif()

find_package(Threads REQUIRED)

include(${CMAKE_CURRENT_LIST_DIR}/csgi_add_app.cmake)

if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # As clang has it: nobody puts another function in the place of one of ours when programs are loaded, so a file's are inlined.
  add_compile_options(-fno-semantic-interposition)
endif()

add_library(csgi_warnings INTERFACE)
target_compile_options(csgi_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(csgi_warnings INTERFACE -Wno-restrict)  # false for "…" + std::string (PR 105651)
endif()
if(CSGI_WERROR)
  target_compile_options(csgi_warnings INTERFACE -Werror)
endif()

if(CSGI_SANITIZE)
  add_compile_options(-fsanitize=${CSGI_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${CSGI_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL Clang AND CSGI_SANITIZE MATCHES undefined)
    add_compile_options(-fno-sanitize=function)     # clang 14 cannot compile coroutines with it
  endif()
endif()

# How long a build takes decides how often it is tested. So what is not under test is not optimised, and what nearly everything
# includes is compiled once, before: half of the time. What is to be optimised has no such headers, and finds out where an include is
# missing; the preset debug has none at all.
if(CSGI_SANITIZE OR (CSGI_TESTS AND CMAKE_BUILD_TYPE STREQUAL Release))
  set(CSGI_HAS_HEADERS ON)
  foreach(visibility IN ITEMS default hidden)       # clang compares it
    add_library(csgi_headers_${visibility} OBJECT ${PROJECT_SOURCE_DIR}/.cmake/headers.cpp)
    target_link_libraries(csgi_headers_${visibility} PRIVATE csgi::api csgi_warnings)     # g++ compares what these define
    target_compile_options(csgi_headers_${visibility} PRIVATE -O0 -fPIC)
    set_target_properties(csgi_headers_${visibility} PROPERTIES CXX_VISIBILITY_PRESET ${visibility})
    target_precompile_headers(csgi_headers_${visibility} PRIVATE
      <algorithm> <array> <atomic> <chrono> <condition_variable> <csgi/app.hpp> <filesystem> <functional> <map> <mutex> <thread> <vector>)
  endforeach()
endif()

# csgi_not_optimised(TARGET): what only tests need.
function(csgi_not_optimised target)
  if(NOT CSGI_HAS_HEADERS)
    return()
  endif()
  get_target_property(visibility ${target} CXX_VISIBILITY_PRESET)
  if(NOT visibility)
    set(visibility default)
  endif()
  target_compile_options(${target} PRIVATE -O0 -fPIC)
  target_precompile_headers(${target} REUSE_FROM csgi_headers_${visibility})
endfunction()

# csgi_not_under_test(TARGET): sanitizers need not look at it as it is shipped.
function(csgi_not_under_test target)
  if(CSGI_SANITIZE)
    csgi_not_optimised(${target})
  endif()
endfunction()

# csgi_compiled_quickly(TARGET): what is shipped, and judges others.
function(csgi_compiled_quickly target)
  csgi_not_under_test(${target})
  if(NOT CSGI_SANITIZE)
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
  endif()
endfunction()

if(CSGI_TESTS)
  enable_testing()
  find_package(doctest REQUIRED)
  add_library(csgi_test_main OBJECT ${PROJECT_SOURCE_DIR}/.cmake/test_main.cpp)
  target_link_libraries(csgi_test_main PUBLIC doctest::doctest PRIVATE csgi_warnings)
  csgi_not_optimised(csgi_test_main)
endif()

# csgi_schedule(TEST SECONDS [PLACES N]): the longest begin first, so that the last one has not to be waited for alone. A test takes
# one of the places of `ctest --parallel`, of which ./dev gives two a processor: enough for one that mostly waits. One that computes
# takes two; one that fails where others compute takes three, so that beside it only such as wait run.
function(csgi_schedule test seconds)
  cmake_parse_arguments(PARSE_ARGV 2 ARG "" "PLACES" "")
  if(NOT TEST ${test})      # it is not run with these sanitizers
    return()
  endif()
  set_tests_properties(${test} PROPERTIES COST ${seconds})
  if(ARG_PLACES)
    set_tests_properties(${test} PROPERTIES PROCESSORS ${ARG_PLACES})
  endif()
endfunction()

# csgi_test(NAME SOURCES … LIBRARIES … ARGUMENTS … [NO_THREADS] [NO_SANITIZERS]): one doctest program, run as one CTest test.
# NO_THREADS: the thread sanitizer would have nothing to look at. NO_SANITIZERS: nor would any other that is not looked at elsewhere.
# There the program is not a part of `all`: these builds take the most time.
function(csgi_test name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "NO_THREADS;NO_SANITIZERS" "" "SOURCES;LIBRARIES;ARGUMENTS")
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LIBRARIES} csgi_test_main csgi_warnings)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  csgi_not_optimised(${name})
  if((ARG_NO_SANITIZERS AND CSGI_SANITIZE) OR (ARG_NO_THREADS AND CSGI_SANITIZE STREQUAL thread))
    set_target_properties(${name} PROPERTIES EXCLUDE_FROM_ALL ON)
    return()
  endif()
  add_test(NAME ${name} COMMAND ${name} ${ARG_ARGUMENTS})
  set_tests_properties(${name} PROPERTIES TIMEOUT 240)
endfunction()

# csgi_page_test(NAME PAGE page OPTIONS … COMMAND …): the conformance suite judges the server that the command starts, with these
# options, and what it breaks has to be what the page lists.
function(csgi_page_test name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "PAGE" "OPTIONS;COMMAND")
  if(CSGI_SANITIZE)   # what a server breaks does not depend on how it is compiled
    return()
  endif()
  add_test(NAME ${name} COMMAND ${CMAKE_COMMAND} -D conformance=$<TARGET_FILE:csgi_conformance_command>
    -D page=${CMAKE_CURRENT_SOURCE_DIR}/${ARG_PAGE} -D report=${CMAKE_CURRENT_BINARY_DIR}/${name}
    -P ${PROJECT_SOURCE_DIR}/.cmake/page_test.cmake -- ${ARG_OPTIONS} -- ${ARG_COMMAND})
  set_tests_properties(${name} PROPERTIES TIMEOUT 240)
  csgi_schedule(${name} 300 PLACES 3)     # first, as long as there is what fits beside it
endfunction()

include(${CMAKE_CURRENT_LIST_DIR}/fuzz.cmake)
