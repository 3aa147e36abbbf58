// SPDX-License-Identifier: MIT
#pragma once

#include "run/retry.hpp"

namespace vinny {

/// Of images that were refused or given up.
[[nodiscard]] retry_kind const& image_retry() noexcept;

}  // namespace vinny
