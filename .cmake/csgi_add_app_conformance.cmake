# csgi_add_app_conformance(TARGET [NAME NAME] [ARGS ARGUMENT…] [REQUESTS FILE…] [OPTIONS OPTION…] [TIMEOUT SECONDS]): the CTest
# test NAME, else conformance_TARGET, which judges the plug-in TARGET by the specification. ARGS are the app's, REQUESTS files of
# requests beyond those that every app is judged with, OPTIONS those of `csgi-conformance app`. The page NAME.html is left in the
# current binary directory. Where CSGI_CONFORMANCE_PATIENCE is set, to 30s say, it is the --patience of all such tests: for sanitizers,
# with which an app takes many times longer.
#
#   csgi_add_app(my_app my_app.cpp)
#   csgi_add_app_conformance(my_app ARGS --root ${CMAKE_CURRENT_SOURCE_DIR} REQUESTS my_app.http)
include(${CMAKE_CURRENT_LIST_DIR}/csgi_add_app_test.cmake)

function(csgi_add_app_conformance target)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "NAME;TIMEOUT" "ARGS;REQUESTS;OPTIONS")
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "csgi_add_app_conformance(${target} [NAME NAME] [ARGS …] [REQUESTS …] [OPTIONS …] [TIMEOUT SECONDS])")
  endif()
  if(CSGI_CONFORMANCE_PATIENCE AND NOT "--patience" IN_LIST ARG_OPTIONS)
    list(APPEND ARG_OPTIONS --patience ${CSGI_CONFORMANCE_PATIENCE})
  endif()
  csgi_add_app_test(app ${target} conformance "")
endfunction()
