// SPDX-License-Identifier: MIT
//
// Files of the project itself, which tests hold against the code.
#pragma once

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace vinny::test {

inline std::string read_from_repository(std::string const& name) {
  std::ifstream file{VINNY_SOURCE_DIR "/" + name, std::ios::binary};
  if (!file) throw std::runtime_error{name + " is not in the repository"};
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace vinny::test
