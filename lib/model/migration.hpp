// SPDX-License-Identifier: MIT
//
// A numbered step of the catalog's tables.
#pragma once

#include <algorithm>
#include <array>
#include <span>

namespace vinny {

struct migration {
  int number;  // the version that it leads to; several owners may have a part of one
  char const* sql;
};

/// The steps are those of the numbers, in their order.
constexpr bool are_numbered(std::span<migration const> steps, std::span<int const> numbers) {
  return std::ranges::equal(steps, numbers, {}, &migration::number);
}

/// Taken together, the numbers are 1 to the largest without a gap.
template <class... Numbers>
constexpr bool are_gapless(Numbers const&... numbers) {
  std::array<bool, 1'000> taken{};
  int largest = 0;
  auto const take = [&](auto const& list) {
    for (int const n : list) {
      taken[static_cast<std::size_t>(n)] = true;
      largest = std::max(largest, n);
    }
  };
  (take(numbers), ...);
  return std::all_of(taken.begin() + 1, taken.begin() + 1 + largest, [](bool one) { return one; });
}

}  // namespace vinny
