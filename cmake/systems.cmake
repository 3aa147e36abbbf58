# SPDX-License-Identifier: MIT
# What a system is to the build.

# The system in the present folder: its library over all floors, with NAME.js for the page where
# there is one.
function(vinny_system name)
  vinny_library_in(${CMAKE_CURRENT_SOURCE_DIR} ${name} vinny_command ${ARGN})
  if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${name}.js)
    vinny_embed(${name} ${name}_js=${CMAKE_CURRENT_SOURCE_DIR}/${name}.js)
  endif()
endfunction()

# A library that gives a program its systems, in that order: what systems() lists.
function(vinny_systems target)
  set(includes "")
  set(migrations "")
  set(constants "")
  foreach(name ${ARGN})
    string(APPEND includes "#include \"${name}/${name}.hpp\"\n")
    string(APPEND migrations ", ${name}_migrations")
    string(APPEND constants "&${name}_system, ")
  endforeach()
  list(LENGTH ARGN count)
  configure_file(${PROJECT_SOURCE_DIR}/cmake/systems.cpp.in ${target}.cpp @ONLY)
  add_library(${target} STATIC ${CMAKE_CURRENT_BINARY_DIR}/${target}.cpp)
  list(TRANSFORM ARGN PREPEND vinny_ OUTPUT_VARIABLE libraries)
  target_link_libraries(${target} PUBLIC ${libraries})
endfunction()
