# csgi_add_swap(TARGET SERVERS COMMAND… [NAME NAME] [ARGS ARGUMENT…] [REQUESTS FILE…] [OPTIONS OPTION…] [TIMEOUT SECONDS]): the
# CTest test NAME, else swap_TARGET, which runs the plug-in TARGET on several servers and fails where a client sees a difference.
# Each COMMAND is one argument, as of `csgi-conformance swap --server`. ARGS are the app's, REQUESTS files of requests beyond
# those that every app gets, OPTIONS those of `csgi-conformance swap`. The page NAME.html is left in the current binary directory.
#
#   csgi_add_swap(my_app SERVERS "evented=csgi serve {app} --port {port} -- {arguments}" "mine=my_server {app} {port}")
function(csgi_add_swap target)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "NAME;TIMEOUT" "SERVERS;ARGS;REQUESTS;OPTIONS")
  list(LENGTH ARG_SERVERS servers)
  if(ARG_UNPARSED_ARGUMENTS OR servers LESS 2)
    message(FATAL_ERROR "csgi_add_swap(${target} SERVERS COMMAND COMMAND… [NAME NAME] [ARGS …] [REQUESTS …] [OPTIONS …] [TIMEOUT SECONDS])")
  endif()
  if(NOT ARG_NAME)
    set(ARG_NAME swap_${target})
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 240)
  endif()
  set(words "")
  foreach(command IN LISTS ARG_SERVERS)
    list(APPEND words --server ${command})
  endforeach()
  foreach(file IN LISTS ARG_REQUESTS)
    cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
    list(APPEND words --request ${file})
  endforeach()
  add_test(NAME ${ARG_NAME} COMMAND csgi::conformance_command swap $<TARGET_FILE:${target}> --label ${ARG_NAME}
    --html ${CMAKE_CURRENT_BINARY_DIR}/${ARG_NAME}.html ${words} ${ARG_OPTIONS} -- ${ARG_ARGS})
  set_tests_properties(${ARG_NAME} PROPERTIES TIMEOUT ${ARG_TIMEOUT})
endfunction()
