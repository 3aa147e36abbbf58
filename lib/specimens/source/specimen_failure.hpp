// SPDX-License-Identifier: MIT
//
// Failures in the words of herbarium reports: rate_limited, timeout, http_404, not_an_image …
// Pure.
#pragma once

#include <string>

#include "core/failure.hpp"

namespace vinny {

[[nodiscard]] std::string failure_type(failure const& why);

}  // namespace vinny
