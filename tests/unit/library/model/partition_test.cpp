// SPDX-License-Identifier: MIT
#include "library/model/partition.hpp"

#include <catch2/catch.hpp>

using namespace vinny;

TEST_CASE("a part is K/N with K below N") {
  CHECK(*parse_partition("0/1") == library_part{0, 1});
  CHECK(*parse_partition("3/4") == library_part{3, 4});
  for (auto const* wrong : {"", "/", "1", "4/4", "-1/4", "1/0", "0/0", "1/4/2", " 1/4", "1/4x",
                            "1/99999999999", "99999999999999999999/3"}) {
    CAPTURE(wrong);
    CHECK_FALSE(parse_partition(wrong));
  }
}
