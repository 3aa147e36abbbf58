// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include "image/image.hpp"

using namespace vinny;

TEST_CASE("A size is fitted into a box: aspect kept, never upscaled, never 0", "[image]") {
  struct row {
    box_size source, box, expected;
  };
  auto const table = std::vector<row>{
      {{3000, 2000}, {1500, 1500}, {1500, 1000}},
      {{2000, 3000}, {1500, 1500}, {1000, 1500}},
      {{3000, 2000}, {240, 0}, {240, 160}},
      {{3000, 2000}, {0, 200}, {300, 200}},
      {{3000, 2000}, {0, 0}, {3000, 2000}},
      {{1024, 768}, {2560, 0}, {1024, 768}},
      {{400, 300}, {500, 500}, {400, 300}},
      {{1001, 667}, {500, 500}, {500, 333}},
      {{1000, 999}, {500, 500}, {500, 500}},
      {{60000, 10}, {1500, 1500}, {1500, 1}},
      {{1, 60000}, {500, 500}, {1, 500}},
      {{4294967295U, 4294967295U}, {500, 400}, {400, 400}},
      {{0, 0}, {500, 500}, {1, 1}},
  };
  for (auto const& [source, box, expected] : table) {
    INFO(source.width << "x" << source.height << " into " << box.width << "x" << box.height);
    auto const size = fit(source.width, source.height, box.width, box.height);
    CHECK(size.width == expected.width);
    CHECK(size.height == expected.height);
  }
}
