// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"
#include "core/failure.hpp"

namespace vinny {

/// The venues that names (tags or extractors) mean; all with a sitemap when there are none.
/// Fails with not_found, naming the known ones.
[[nodiscard]] result<std::vector<venue>> select_venues(config const& settings,
                                                       std::vector<std::string> const& names);

}  // namespace vinny
