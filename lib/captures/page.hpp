// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace vinny::page {

/// captures.js, compiled in.
[[nodiscard]] std::string_view captures_js();

}  // namespace vinny::page
