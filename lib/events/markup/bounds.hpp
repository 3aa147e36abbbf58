// SPDX-License-Identifier: MIT
// How much of a page is taken: what is longer is cut, what is more is left out.
#pragma once

#include <cstddef>

namespace vinny {

constexpr std::size_t max_name = 1'000;          // bytes
constexpr std::size_t max_description = 20'000;  // bytes
constexpr int max_guests = 1'000;                // at one table

}  // namespace vinny
