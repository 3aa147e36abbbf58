// SPDX-License-Identifier: MIT
//
// [specimens]: what is kept of them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace vinny {

namespace settings {
class settings_table;
}

struct specimens_config {
  std::string verify = "decode";      // or "structure"
  std::uint32_t longest_edge = 1024;  // pixels of the file that is kept; 0: the original
  int quality = 85;
  std::int64_t max_bytes = 64LL << 20;
  std::filesystem::path variants;  // a file of rules; empty: none
  bool upload = false;             // to the store, too
};

/// The system's sections of the configuration.
void configure_specimens(settings::settings_table& to);

}  // namespace vinny
