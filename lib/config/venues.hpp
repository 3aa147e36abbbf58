// SPDX-License-Identifier: MIT
//
// The venues that Vinny knows without being told. A [[venue]] entry of the configuration
// replaces the one of its tag, whole.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "model/venue.hpp"

namespace vinny {

[[nodiscard]] std::vector<venue> shipped_venues();

/// Names that `extractor` may have, in the order in which they are tried.
[[nodiscard]] std::span<std::string_view const> extractor_names() noexcept;

}  // namespace vinny
