# What csgi_add_app_conformance and csgi_add_swap have in common: the CTest test that runs `csgi-conformance VERB` over the plug-in
# TARGET. `words` is what else follows; ARG_NAME, ARG_TIMEOUT, ARG_REQUESTS, ARG_OPTIONS and ARG_ARGS are the caller's.
function(csgi_add_app_test verb target prefix words)
  if(NOT ARG_NAME)
    set(ARG_NAME ${prefix}_${target})
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 240)
  endif()
  foreach(file IN LISTS ARG_REQUESTS)
    cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
    list(APPEND words --request ${file})
  endforeach()
  add_test(NAME ${ARG_NAME} COMMAND csgi::conformance_command ${verb} $<TARGET_FILE:${target}> --label ${ARG_NAME}
    --html ${CMAKE_CURRENT_BINARY_DIR}/${ARG_NAME}.html ${words} ${ARG_OPTIONS} -- ${ARG_ARGS})
  set_tests_properties(${ARG_NAME} PROPERTIES TIMEOUT ${ARG_TIMEOUT})
endfunction()
