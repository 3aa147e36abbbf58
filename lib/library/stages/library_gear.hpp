// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string_view>

#include "library/source/library.hpp"
#include "library/source/lookup_service.hpp"

namespace vinny {

/// What the library connects to: its rows, wherever they are, and who knows their artwork.
struct library_gear {
  static constexpr std::string_view system = "library";
  std::unique_ptr<vinny::library> rows;
  std::unique_ptr<lookup_service> lookups;  // null: none is configured
};

}  // namespace vinny
