// SPDX-License-Identifier: MIT
//
// Values as the catalog keeps them in a text column, and back.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "events/model/event.hpp"

namespace vinny {

[[nodiscard]] std::string to_record(event const& value);
/// Tolerant: what is missing keeps its default.
[[nodiscard]] event event_from_record(std::string_view record);

[[nodiscard]] std::string to_record(std::vector<std::string> const& values);
[[nodiscard]] std::vector<std::string> strings_from_record(std::string_view record);

}  // namespace vinny
