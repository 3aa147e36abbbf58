// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string_view>

#include "events/publish/d1_rest.hpp"

namespace vinny {

/// What events connect to, besides hosts and the store.
struct event_gear {
  static constexpr std::string_view system = "events";
  std::unique_ptr<d1_rest> d1;  // null: no database and token are configured
};

}  // namespace vinny
