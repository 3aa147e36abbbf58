// SPDX-License-Identifier: MIT
//
// Failures in the words of herbarium reports: rate_limited, timeout, http_404, not_an_image …
// Pure.
#pragma once

#include <string>

#include "core/errc.hpp"

namespace vinny {

[[nodiscard]] std::string failure_type(errc code);
/// The HTTP status that a code stands for; 0: none, or not known.
[[nodiscard]] int status_of(errc code) noexcept;

}  // namespace vinny
