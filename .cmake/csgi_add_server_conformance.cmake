# csgi_add_server_conformance(NAME COMMAND WORD… [OPTIONS OPTION…] [TIMEOUT SECONDS]): the CTest test NAME, which judges
# a server by the specification. {app} and {port} in the words stand for the plug-in to host and the port to listen on,
# {options} for limits and deadlines that some cases set; the first word may be a target. OPTIONS are those of
# `csgi-conformance server`. The page NAME.html is left in the current binary directory.
#
#   csgi_add_server_conformance(my_server_conforms COMMAND my_server {app} --port {port} {options})
function(csgi_add_server_conformance name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "TIMEOUT" "COMMAND;OPTIONS")
  if(NOT ARG_COMMAND OR ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "csgi_add_server_conformance(${name} COMMAND WORD… [OPTIONS OPTION…] [TIMEOUT SECONDS])")
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 240)
  endif()
  list(POP_FRONT ARG_COMMAND program)
  if(TARGET ${program})
    set(program $<TARGET_FILE:${program}>)
  endif()
  add_test(NAME ${name} COMMAND csgi::conformance_command server --label ${name}
    --html ${CMAKE_CURRENT_BINARY_DIR}/${name}.html ${ARG_OPTIONS} -- ${program} ${ARG_COMMAND})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT})
endfunction()
