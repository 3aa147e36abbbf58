// SPDX-License-Identifier: MIT
//
// A folder of one test, gone when the test is.
#pragma once

#include <unistd.h>

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace vinny {

struct scratch_folder {
  std::filesystem::path path;

  scratch_folder() {
    auto name = (std::filesystem::temp_directory_path() / "vinny-test-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  scratch_folder(scratch_folder const&) = delete;
  scratch_folder& operator=(scratch_folder const&) = delete;
  ~scratch_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
};

inline std::string content_of(std::filesystem::path const& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}
inline void put_content(std::filesystem::path const& file, std::string_view text) {
  std::ofstream{file, std::ios::binary} << text;
}

}  // namespace vinny
