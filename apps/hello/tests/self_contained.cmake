# A plug-in needs the standard library and nothing else: no Boost, nothing of csgi. Wants: nm, plugin.
cmake_minimum_required(VERSION 3.25)

foreach(command IN ITEMS "${nm};-D;--undefined-only" "ldd")
  execute_process(COMMAND ${command} ${plugin} COMMAND_ERROR_IS_FATAL ANY OUTPUT_VARIABLE output)
  string(REPLACE "${plugin}" "" output "${output}")
  if(output STREQUAL "" OR output MATCHES "boost|csgi")
    message(FATAL_ERROR "${command} says of ${plugin}:\n${output}")
  endif()
endforeach()
