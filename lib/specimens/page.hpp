// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace vinny::page {

/// specimens.js, compiled in.
[[nodiscard]] std::string_view specimens_js();

}  // namespace vinny::page
