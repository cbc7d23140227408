# cmake --install: headers, libraries, programs, and what find_package(csgi) needs.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(csgi_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/csgi)

install(TARGETS csgi_api csgi_support csgi_serving csgi_websockets csgi_testing csgi_middleware csgi_http1 csgi_posix csgi_status
  csgi_threaded csgi_evented csgi_beast csgi_conformance
  EXPORT csgi-targets FILE_SET HEADERS)
if(TARGET csgi_httplib)
  install(TARGETS csgi_httplib EXPORT csgi-targets FILE_SET HEADERS)
endif()
install(EXPORT csgi-targets NAMESPACE csgi:: DESTINATION ${csgi_package_dir})

configure_package_config_file(.cmake/csgi-config.cmake.in ${PROJECT_BINARY_DIR}/csgi-config.cmake
  INSTALL_DESTINATION ${csgi_package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/csgi-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/csgi-config.cmake ${PROJECT_BINARY_DIR}/csgi-config-version.cmake
  .cmake/csgi_add_app.cmake .cmake/csgi_add_app_conformance.cmake .cmake/csgi_add_app_test.cmake
  .cmake/csgi_add_server_conformance.cmake .cmake/csgi_add_swap.cmake
  DESTINATION ${csgi_package_dir})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

install(TARGETS csgi_command)
install(TARGETS csgi_conformance_command EXPORT csgi-targets)
set(bundled_apps hello_blocking hello_async echo files stream tour roundtrip weather sequential mailer mailer_blocking
  chat ticker)
foreach(app IN ITEMS storefront promotions recommendations posts)     # which need libraries that may be missing
  if(TARGET ${app})
    list(APPEND bundled_apps ${app})
  endif()
endforeach()
install(TARGETS ${bundled_apps}
  LIBRARY DESTINATION lib/csgi/apps)  # where csgi looks, beside its bin/
get_property(probes GLOBAL PROPERTY CSGI_PROBES)
install(TARGETS ${probes}
  LIBRARY DESTINATION lib/csgi/conformance)  # where csgi-conformance looks

if(CSGI_TESTS AND NOT CSGI_SANITIZE STREQUAL thread)      # which would have nothing to look at
  add_test(NAME package COMMAND ${CMAKE_COMMAND}
    -D build=${PROJECT_BINARY_DIR} -D generator=${CMAKE_GENERATOR} -D compiler=${CMAKE_CXX_COMPILER}
    -D sanitize=${CSGI_SANITIZE} -D libdir=${CMAKE_INSTALL_LIBDIR}
    -P ${PROJECT_SOURCE_DIR}/.cmake/package_test.cmake)
  set_tests_properties(package PROPERTIES TIMEOUT 240)
  csgi_schedule(package 15 PLACES 2)
endif()
