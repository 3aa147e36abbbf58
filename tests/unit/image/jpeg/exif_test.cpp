// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include "image/jpeg/exif.hpp"
#include "unit/image/images.hpp"

using namespace vinny;
using namespace vinny::test;

TEST_CASE("The orientation is read in both byte orders", "[image]") {
  for (int orientation = 1; orientation <= 8; ++orientation) {
    CHECK(exif_orientation(tiff(orientation, true)) == orientation);
    CHECK(exif_orientation(tiff(orientation, false)) == orientation);
  }
}

TEST_CASE("EXIF that makes no sense means upright", "[image]") {
  CHECK(exif_orientation("") == 1);
  CHECK(exif_orientation("XX*") == 1);
  CHECK(exif_orientation(tiff(0, true)) == 1);
  CHECK(exif_orientation(tiff(9, false)) == 1);
  auto wild = tiff(6, true);
  wild.replace(4, 4, "\xFF\xFF\xFF\xFF");
  CHECK(exif_orientation(wild) == 1);
  auto many = tiff(6, true);
  many.replace(8, 4, "\xFF\xFF\x13\x01");
  CHECK(exif_orientation(many) == 1);
  auto wrong_type = tiff(6, true);
  wrong_type[12] = 4;
  CHECK(exif_orientation(wrong_type) == 1);
}

TEST_CASE("EXIF cut anywhere is read without harm", "[image]") {
  for (auto const little : {true, false}) {
    auto const whole = tiff(6, little);
    for (std::size_t size = 0; size < whole.size(); ++size) {
      auto const found = exif_orientation(whole.substr(0, size));
      CHECK((found == 1 || found == 6));
    }
  }
}

TEST_CASE("The orientation is found in both file types", "[image]") {
  auto const bitmap = draw(120, 110, gradient);
  CHECK(info_of(with_exif(jpeg(bitmap), 6, true)).orientation == 6);
  CHECK(info_of(with_exif(jpeg(bitmap), 3, false)).orientation == 3);
  auto file = png(bitmap);
  file.before = png_chunk("eXIf", tiff(8, false));
  CHECK(info_of(file.bytes()).orientation == 8);
}
