// SPDX-License-Identifier: MIT
#pragma once

#include "run/retry.hpp"

namespace vinny {

/// Of specimens' images that were refused or given up.
[[nodiscard]] retry_kind const& specimen_retry() noexcept;

}  // namespace vinny
