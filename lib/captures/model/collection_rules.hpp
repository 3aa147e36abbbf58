// SPDX-License-Identifier: MIT
#pragma once

#include "captures/model/capture_settings.hpp"
#include "config/rule.hpp"

namespace vinny {

/// What may stand in [captures.collection.NAME].
[[nodiscard]] settings::rules<collection_config> const& collection_rules();

}  // namespace vinny
