# csgi_add_swap(TARGET SERVERS COMMAND… [NAME NAME] [ARGS ARGUMENT…] [REQUESTS FILE…] [OPTIONS OPTION…] [TIMEOUT SECONDS]): the
# CTest test NAME, else swap_TARGET, which runs the plug-in TARGET on several servers and fails where a client sees a difference.
# Each COMMAND is one argument, as of `csgi-conformance swap --server`. ARGS are the app's, REQUESTS files of requests beyond
# those that every app gets, OPTIONS those of `csgi-conformance swap`. The page NAME.html is left in the current binary directory.
#
#   csgi_add_swap(my_app SERVERS "evented=csgi serve {app} --port {port} -- {arguments}" "mine=my_server {app} {port}")
include(${CMAKE_CURRENT_LIST_DIR}/csgi_add_app_test.cmake)

function(csgi_add_swap target)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "NAME;TIMEOUT" "SERVERS;ARGS;REQUESTS;OPTIONS")
  list(LENGTH ARG_SERVERS servers)
  if(ARG_UNPARSED_ARGUMENTS OR servers LESS 2)
    message(FATAL_ERROR "csgi_add_swap(${target} SERVERS COMMAND COMMAND… [NAME NAME] [ARGS …] [REQUESTS …] [OPTIONS …] [TIMEOUT SECONDS])")
  endif()
  set(words "")
  foreach(command IN LISTS ARG_SERVERS)
    list(APPEND words --server ${command})
  endforeach()
  csgi_add_app_test(swap ${target} swap "${words}")
endfunction()
