// SPDX-License-Identifier: MIT
//
// What a run over the library is asked to do.
#pragma once

#include "library/model/library.hpp"

namespace vinny {

struct library_request {
  std::vector<std::string> files{};  // of an import
  std::int64_t batch_size = 0;       // 0: as configured
  std::int64_t throttle_ms = -1;     // -1: as configured
  library_part part{};
  bool recheck = false;          // ask again where there was nothing
  bool accept_fallback = false;  // take what the service takes for the next best
};

}  // namespace vinny
