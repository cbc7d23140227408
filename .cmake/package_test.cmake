# Installs into a fresh prefix, and lets package_test/, a project of its own, build against that. Wants: build,
# generator, compiler, sanitize, libdir.
cmake_minimum_required(VERSION 3.25)

set(prefix ${build}/package_test/prefix)
set(project ${build}/package_test/project)
file(REMOVE_RECURSE ${build}/package_test)

function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# expect(TEXT COMMAND…): its output has TEXT.
function(expect text)
  execute_process(COMMAND ${ARGN} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY OUTPUT_VARIABLE output)
  if(NOT output MATCHES "${text}")
    message(FATAL_ERROR "this should say \"${text}\":\n${output}")
  endif()
endfunction()

if(sanitize)
  set(flags "-DCMAKE_CXX_FLAGS=-fsanitize=${sanitize}")
  if(sanitize MATCHES undefined AND compiler MATCHES clang)
    string(APPEND flags " -fno-sanitize=function")      # see build.cmake
  endif()
endif()
run(${CMAKE_COMMAND} --install ${build} --prefix ${prefix})
run(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR}/package_test -B ${project} -G ${generator}
  -DCMAKE_CXX_COMPILER=${compiler} -DCMAKE_PREFIX_PATH=${prefix} ${flags})
run(${CMAKE_COMMAND} --build ${project})

expect("name: +hello\nkind: +async\n" ${prefix}/bin/csgi inspect ${project}/hello.so)
expect("kind: +blocking\n" ${prefix}/bin/csgi inspect hello_blocking)
expect("^served\n$" ${project}/serve)
expect("^tested\n$" ${project}/tested)
expect("^judged 10 times\n$" ${project}/linked ${prefix}/lib/csgi/conformance)
run(${CMAKE_CTEST_COMMAND} --test-dir ${project} --output-on-failure --no-tests=error)
expect("^CSGI-HTTP-002 " ${prefix}/bin/csgi-conformance server --list --only "GET reaches the app")
