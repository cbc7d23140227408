# csgi_add_app(NAME SOURCES …): a plug-in NAME.so that any CSGI server loads. It shows nothing but csgi_plugin.
function(csgi_add_app name)
  add_library(${name} MODULE ${ARGN})
  target_link_libraries(${name} PRIVATE csgi::api csgi::support)   # of the latter, what it uses
  target_compile_options(${name} PRIVATE -Werror=return-type)      # a coroutine that forgets its co_await is none
  set_target_properties(${name} PROPERTIES
    PREFIX "" SUFFIX .so CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  target_link_options(${name} PRIVATE LINKER:--exclude-libs,ALL)
endfunction()
