# csgi_add_app(NAME SOURCES …): a plug-in NAME.so that any CSGI server loads. It shows nothing but csgi_plugin.
function(csgi_add_app name)
  add_library(${name} MODULE ${ARGN})
  target_link_libraries(${name} PRIVATE csgi::api)
  set_target_properties(${name} PROPERTIES
    PREFIX "" SUFFIX .so CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  target_link_options(${name} PRIVATE LINKER:--exclude-libs,ALL)
endfunction()
