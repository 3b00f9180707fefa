# What `cmake --install` puts on a machine: the programs, and libsanquan (client library and verifier, no node code) as
# a CMake package: find_package(sanquan) gives sanquan::client and sanquan::proof.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# sanquan_closure(OUT TARGETS...): our own targets that TARGETS link, directly or not.
function(sanquan_closure out)
  set(open ${ARGN})
  set(closed)
  while(open)
    list(POP_FRONT open target)
    if(target IN_LIST closed)
      continue()
    endif()
    list(APPEND closed ${target})
    get_target_property(linked ${target} LINK_LIBRARIES)
    foreach(item ${linked})
      if(item MATCHES "^sanquan_" AND TARGET ${item})
        list(APPEND open ${item})
      endif()
    endforeach()
  endwhile()
  set(${out} ${closed} PARENT_SCOPE)
endfunction()

sanquan_closure(SANQUAN_PACKAGE_TARGETS sanquan_client sanquan_proof sanquan_state_proof)
foreach(target ${SANQUAN_PACKAGE_TARGETS})
  string(REGEX REPLACE "^sanquan_" "" exported ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${exported})
endforeach()

install(TARGETS ${SANQUAN_PACKAGE_TARGETS} EXPORT sanquan ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library)
install(EXPORT sanquan NAMESPACE sanquan:: FILE sanquanTargets.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/sanquan COMPONENT library)
configure_package_config_file(cmake/sanquanConfig.cmake.in ${PROJECT_BINARY_DIR}/sanquanConfig.cmake
                              INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/sanquan)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/sanquanConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/sanquanConfig.cmake ${PROJECT_BINARY_DIR}/sanquanConfigVersion.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/sanquan COMPONENT library)

foreach(folder ledger/base ledger/crypto ledger/codec ledger/model ledger/proof client/lib)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/${folder}/ DESTINATION include/sanquan/${folder} COMPONENT library
          FILES_MATCHING PATTERN "*.h" PATTERN "*.def")
endforeach()
install(DIRECTORY ${PROJECT_BINARY_DIR}/generated/ledger/codec/ DESTINATION include/sanquan/ledger/codec
        COMPONENT library FILES_MATCHING PATTERN "*.pb.h")

foreach(program sanquan sanquan-node)
  if(TARGET ${program})
    install(TARGETS ${program} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT programs)
  endif()
endforeach()
