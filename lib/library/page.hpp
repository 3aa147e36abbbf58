// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace vinny::page {

/// library.js, compiled in.
[[nodiscard]] std::string_view library_js();

}  // namespace vinny::page
