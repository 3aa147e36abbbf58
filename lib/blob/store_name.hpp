// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "config/config.hpp"

namespace vinny {

/// Names the store, so that what is known of one is not believed of another.
[[nodiscard]] std::string store_name(config const& settings);

}  // namespace vinny
