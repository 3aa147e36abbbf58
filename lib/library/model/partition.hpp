// SPDX-License-Identifier: MIT
//
// "K/N": a share of a library's rows, as the command and the API take it.
#pragma once

#include <string_view>

#include "core/failure.hpp"
#include "library/model/library.hpp"

namespace vinny {

/// Fails with bad_json, saying what it must be: "K/N with 0 <= K < N".
[[nodiscard]] result<library_part> parse_partition(std::string_view text);

}  // namespace vinny
