// SPDX-License-Identifier: MIT
//
// The effective configuration as text, for `vinny config show`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace vinny {

/// TOML with every key. A secret is "<set>" or "", never its value.
[[nodiscard]] std::string show_config(config const& shown);

/// The keys whose secrets stand in the text as they are, in the order in which they are shown.
[[nodiscard]] std::vector<std::string> secrets_in(std::string_view text, config const& settings);

}  // namespace vinny
