# csgi_add_app_conformance(TARGET [NAME NAME] [ARGS ARGUMENT…] [REQUESTS FILE…] [OPTIONS OPTION…] [TIMEOUT SECONDS]): the CTest
# test NAME, else conformance_TARGET, which judges the plug-in TARGET by the specification. ARGS are the app's, REQUESTS files of
# requests beyond those that every app is judged with, OPTIONS those of `csgi-conformance app`. The page NAME.html is left in the
# current binary directory.
#
#   csgi_add_app(my_app my_app.cpp)
#   csgi_add_app_conformance(my_app ARGS --root ${CMAKE_CURRENT_SOURCE_DIR} REQUESTS my_app.http)
function(csgi_add_app_conformance target)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "NAME;TIMEOUT" "ARGS;REQUESTS;OPTIONS")
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "csgi_add_app_conformance(${target} [NAME NAME] [ARGS …] [REQUESTS …] [OPTIONS …] [TIMEOUT SECONDS])")
  endif()
  if(NOT ARG_NAME)
    set(ARG_NAME conformance_${target})
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 240)
  endif()
  set(requests "")
  foreach(file IN LISTS ARG_REQUESTS)
    cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
    list(APPEND requests --request ${file})
  endforeach()
  add_test(NAME ${ARG_NAME} COMMAND csgi::conformance_command app $<TARGET_FILE:${target}> --label ${ARG_NAME}
    --html ${CMAKE_CURRENT_BINARY_DIR}/${ARG_NAME}.html ${requests} ${ARG_OPTIONS} -- ${ARG_ARGS})
  set_tests_properties(${ARG_NAME} PROPERTIES TIMEOUT ${ARG_TIMEOUT})
endfunction()
