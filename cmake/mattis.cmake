# mattis_add_library(NAME sources...) and mattis_add_test(NAME LIBRARIES ... SOURCES ...)

add_library(mattis_options INTERFACE)
target_compile_options(mattis_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow
  -ffp-contract=off)              # the same bits with and without FMA
if(MATTIS_SANITIZE STREQUAL "address")
  target_compile_options(mattis_options INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(mattis_options INTERFACE -fsanitize=address,undefined)
elseif(MATTIS_SANITIZE STREQUAL "thread")
  target_compile_options(mattis_options INTERFACE -fsanitize=thread)
  target_link_options(mattis_options INTERFACE -fsanitize=thread)
elseif(MATTIS_SANITIZE)
  message(FATAL_ERROR "MATTIS_SANITIZE is '${MATTIS_SANITIZE}'; it takes address, thread or nothing")
endif()

function(mattis_add_library name)
  add_library(mattis_${name} STATIC ${ARGN})
  add_library(mattis::${name} ALIAS mattis_${name})
  target_include_directories(mattis_${name} PUBLIC "$<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}>")
  target_link_libraries(mattis_${name} PRIVATE mattis_options)
endfunction()

# One test program per directory. Cases carry no tag (fast, under a minute in all), [default] or [long].
function(mattis_add_test name)
  cmake_parse_arguments(arg "" "" "LIBRARIES;SOURCES" ${ARGN})
  add_executable(test_${name} ${arg_SOURCES})
  target_link_libraries(test_${name} PRIVATE mattis_options ${arg_LIBRARIES} Catch2::Catch2WithMain)
  target_include_directories(test_${name} PRIVATE "${CMAKE_SOURCE_DIR}" "${CMAKE_SOURCE_DIR}/tests")
  target_compile_definitions(test_${name} PRIVATE MATTIS_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  foreach(tier fast default long)
    set(spec "[${tier}]")
    if(tier STREQUAL "fast")
      set(spec "~[default]~[long]")
    endif()
    catch_discover_tests(test_${name} TEST_SPEC "${spec}" TEST_PREFIX "${name}: "
      TEST_LIST ${name}_${tier}_tests DISCOVERY_MODE PRE_TEST PROPERTIES LABELS ${tier})
  endforeach()
endfunction()
