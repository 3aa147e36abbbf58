// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "catalog/database.hpp"
#include "config/config.hpp"

namespace vinny {

/// {"images":[…],"total"}
[[nodiscard]] std::string images_document(database& db, config const& settings, std::size_t limit,
                                          std::size_t offset);

}  // namespace vinny
