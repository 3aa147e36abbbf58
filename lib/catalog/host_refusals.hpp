// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "catalog/database.hpp"

namespace vinny {

/// How many images of each host were refused or given up, by the host's bare name; specimens' and
/// artists' together. Inside catalog::write or catalog::read.
[[nodiscard]] std::map<std::string, std::int64_t> refused_by_host(database& db);

}  // namespace vinny
