# How this project's own targets are compiled: warnings, launchers, the library helper, the protobuf helper.

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

option(SANQUAN_WERROR "Treat warnings as errors" OFF)

set(SANQUAN_WARNINGS
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wnon-virtual-dtor
    -Woverloaded-virtual -Wimplicit-fallthrough -Wswitch-enum)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # gcc 12 reports values inside tl::expected and std::optional as maybe uninitialised; clang and asan cover this.
  list(APPEND SANQUAN_WARNINGS -Wduplicated-cond -Wlogical-op -Wno-maybe-uninitialized)
elseif(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  list(APPEND SANQUAN_WARNINGS -Wthread-safety)
endif()
if(SANQUAN_WERROR)
  list(APPEND SANQUAN_WARNINGS -Werror)
endif()

add_compile_definitions(_GLIBCXX_ASSERTIONS)

option(SANQUAN_PRECOMPILE "Precompile what the folders that know messages include most (sanitizer builds)" OFF)

# Of the compile time of these folders half goes into reading the same generated and standard headers again. Off in the
# builds that judge the tree: there each file must include what it uses.
function(sanquan_precompile target)
  file(RELATIVE_PATH folder ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  if(NOT SANQUAN_PRECOMPILE OR NOT folder MATCHES "^(contracts|node|client|tests/unit/(contracts|node|gateway|client))")
    return()
  endif()
  target_precompile_headers(
    ${target}
    PRIVATE
    <algorithm>
    <functional>
    <map>
    <optional>
    <set>
    <string>
    <vector>
    <ledger/codec/transaction.pb.h>
    <ledger/codec/state_asset.pb.h>
    <ledger/codec/state_market.pb.h>
    <ledger/codec/state_party.pb.h>)
  if(folder MATCHES "(gateway|client)")
    target_precompile_headers(${target} PRIVATE <boost/json.hpp>)
  endif()
  if(folder MATCHES "^tests")
    target_precompile_headers(${target} PRIVATE <catch2/catch.hpp>)
  endif()
endfunction()

# sanquan_library(NAME SOURCES... [DEPENDS targets...] [PURE]): a static library `sanquan_NAME` over the source root.
# PURE libraries are compiled without exceptions; scripts/check_purity.sh inspects their symbols.
function(sanquan_library name)
  cmake_parse_arguments(ARG "PURE" "" "SOURCES;DEPENDS;PRIVATE_DEPENDS" ${ARGN})
  add_library(sanquan_${name} STATIC ${ARG_SOURCES})
  target_include_directories(sanquan_${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
                                                    $<INSTALL_INTERFACE:include/sanquan>)
  target_compile_options(sanquan_${name} PRIVATE ${SANQUAN_WARNINGS})
  target_link_libraries(sanquan_${name} PUBLIC ${ARG_DEPENDS} PRIVATE ${ARG_PRIVATE_DEPENDS})
  if(ARG_PURE)
    target_compile_options(sanquan_${name} PRIVATE -fno-exceptions)
  endif()
  sanquan_precompile(sanquan_${name})
endfunction()

# sanquan_protobuf(TARGET FILES...): a library of generated messages; headers are included as
# "ledger/codec/block.pb.h" and count as system headers.
function(sanquan_protobuf target)
  set(outputs)
  foreach(file ${ARGN})
    file(RELATIVE_PATH relative ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR}/${file})
    string(REGEX REPLACE "\\.proto$" "" stem ${relative})
    set(out ${PROJECT_BINARY_DIR}/generated/${stem}.pb)
    add_custom_command(
      OUTPUT ${out}.cc ${out}.h
      COMMAND ${CMAKE_COMMAND} -E make_directory ${PROJECT_BINARY_DIR}/generated
      COMMAND protobuf::protoc --proto_path=${PROJECT_SOURCE_DIR} --cpp_out=${PROJECT_BINARY_DIR}/generated
              ${relative}
      WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
      DEPENDS ${PROJECT_SOURCE_DIR}/${relative})
    list(APPEND outputs ${out}.cc ${out}.h)
  endforeach()
  add_library(${target} STATIC ${outputs})
  target_include_directories(${target} SYSTEM PUBLIC $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/generated>
                                                     $<INSTALL_INTERFACE:include/sanquan>)
  target_link_libraries(${target} PUBLIC protobuf::libprotobuf)
endfunction()

# sanquan_program(NAME SOURCES... DEPENDS targets...): an executable with the project's warnings.
function(sanquan_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_compile_options(${name} PRIVATE ${SANQUAN_WARNINGS})
  target_link_libraries(${name} PRIVATE ${ARG_DEPENDS})
endfunction()
