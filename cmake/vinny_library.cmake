# SPDX-License-Identifier: MIT
# How every target of the project is compiled, and vinny_library(), which makes one folder of
# lib/ one static library.
add_library(vinny_options INTERFACE)
target_include_directories(vinny_options INTERFACE ${PROJECT_SOURCE_DIR}/lib)
target_include_directories(vinny_options SYSTEM INTERFACE ${STB_INCLUDE_DIR})
target_compile_definitions(vinny_options INTERFACE
  VINNY_VERSION="${PROJECT_VERSION}"
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
  BOOST_ASIO_NO_DEPRECATED BOOST_BEAST_USE_STD_STRING_VIEW
  BOOST_ERROR_CODE_HEADER_ONLY TOML_HEADER_ONLY=1)
target_compile_options(vinny_options INTERFACE
  -Wall -Wextra -Wpedantic -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align
  -Wunused -Wnull-dereference -Wimplicit-fallthrough -Wextra-semi
  # What one file declares shadows nothing of another's, though they be compiled together.
  $<$<NOT:$<BOOL:$<TARGET_PROPERTY:UNITY_BUILD>>>:-Wshadow>
  $<$<BOOL:${VINNY_WERROR}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  # Without it a precompiled header counts as new whenever it is built again, also for ccache.
  target_compile_options(vinny_options INTERFACE "SHELL:-Xclang -fno-pch-timestamp")
  target_link_options(vinny_options INTERFACE -fuse-ld=lld)
endif()
target_link_options(vinny_options INTERFACE -Wl,-z,relro,-z,now)
if(VINNY_SANITIZE)
  target_compile_options(vinny_options INTERFACE
    -fsanitize=${VINNY_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(vinny_options INTERFACE -fsanitize=${VINNY_SANITIZE})
else()
  target_compile_definitions(vinny_options INTERFACE
    $<$<CONFIG:Release,RelWithDebInfo>:_FORTIFY_SOURCE=2>)
  target_compile_options(vinny_options INTERFACE -fstack-protector-strong)
endif()

function(vinny_library name)
  vinny_library_in(${CMAKE_CURRENT_SOURCE_DIR}/${name} ${name} ${ARGN})
endfunction()

function(vinny_library_in folder name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/*.cpp)
  add_library(vinny_${name} STATIC ${sources})
  target_link_libraries(vinny_${name} PUBLIC vinny_options ${ARGN})
  # Most of a build is templates that are compiled again for each file.
  # Files of a floor stand together, and those of kindred rooms of a system: names in unnamed
  # namespaces are unique among them (tests/lint/unity_names.py).
  if(VINNY_UNITY)
    set_target_properties(vinny_${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
    foreach(source ${sources})
      set(group all)
      if(name IN_LIST VINNY_SYSTEMS)
        get_filename_component(room ${source} DIRECTORY)
        file(RELATIVE_PATH group ${folder} ${room})
        if(group STREQUAL "tables")
          set(group model)
        elseif(group STREQUAL "store")
          set(group stages)
        elseif(group STREQUAL "" OR group STREQUAL "routes")
          set(group commands)
        endif()
      endif()
      math(EXPR at_${group} "0${at_${group}} + 1")
      math(EXPR batch "${at_${group}} / 16")
      set_source_files_properties(${source} PROPERTIES UNITY_GROUP "${group}_${batch}")
    endforeach()
  endif()
  # The loop's headers carry Asio's static objects: only for what is linked with it.
  set(plain core model config observe image)
  if(name STREQUAL "compiled")
    target_precompile_headers(vinny_compiled PRIVATE
      ${PROJECT_SOURCE_DIR}/cmake/precompiled_loop.hpp)
  elseif(name STREQUAL "core")
    target_precompile_headers(vinny_core PRIVATE ${PROJECT_SOURCE_DIR}/cmake/precompiled.hpp)
  elseif(name IN_LIST plain)
    target_precompile_headers(vinny_${name} REUSE_FROM vinny_core)
  else()
    target_precompile_headers(vinny_${name} REUSE_FROM vinny_compiled)
  endif()
endfunction()

# Compiles files into a library, as page::NAME() each: vinny_embed(control app_js=FILE …).
function(vinny_embed name)
  set(embedded ${CMAKE_CURRENT_BINARY_DIR}/${name}_page.cpp)
  list(TRANSFORM ARGN REPLACE "^[^=]*=" "" OUTPUT_VARIABLE files)
  add_custom_command(OUTPUT ${embedded}
    COMMAND /usr/bin/python3 ${PROJECT_SOURCE_DIR}/cmake/embed.py ${embedded} ${ARGN}
    DEPENDS ${PROJECT_SOURCE_DIR}/cmake/embed.py ${files}
    VERBATIM)
  target_sources(vinny_${name} PRIVATE ${embedded})
endfunction()
