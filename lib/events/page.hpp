// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace vinny::page {

/// events.js, compiled in.
[[nodiscard]] std::string_view events_js();

}  // namespace vinny::page
