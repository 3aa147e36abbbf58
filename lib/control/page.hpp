// SPDX-License-Identifier: MIT
//
// The files that are compiled in: control/page/ and proto/openapi.yaml (as JSON).
#pragma once

#include <string_view>

namespace vinny::page {

[[nodiscard]] std::string_view index_html();
[[nodiscard]] std::string_view app_css();
[[nodiscard]] std::string_view app_js();
[[nodiscard]] std::string_view openapi_json();

}  // namespace vinny::page
