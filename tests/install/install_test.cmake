# Goal: an installed libsanquan serves a project that knows nothing of this source tree. Method: install into an empty
# prefix, configure and build tests/install/outside against it, run it.
set(work ${BUILD_DIR}/install_test)
file(REMOVE_RECURSE ${work})

function(must)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${ARGN}\nended with ${result}:\n${output}")
  endif()
  message("${output}")
endfunction()

must(${CMAKE_COMMAND} --install ${BUILD_DIR} --prefix ${work}/prefix --component library)
must(${CMAKE_COMMAND} -S ${OUTSIDE} -B ${work}/build -G ${GENERATOR} -DCMAKE_CXX_COMPILER=${COMPILER}
     -DCMAKE_PREFIX_PATH=${work}/prefix -DCMAKE_BUILD_TYPE=Release)
must(${CMAKE_COMMAND} --build ${work}/build)
must(${work}/build/outside ${OUTSIDE})
