// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <array>

#include "image/image.hpp"
#include "unit/image/images.hpp"

using namespace vinny;
using namespace vinny::test;

namespace {

constexpr colour red{220, 30, 30};
constexpr colour green{30, 200, 30};
constexpr colour blue{30, 30, 220};
constexpr colour yellow{220, 220, 30};

struct shown {
  int orientation;
  std::array<colour, 4> corners;  // top left, top right, bottom left, bottom right
};

// Stored: red green / blue yellow. EXIF 2.3, 4.6.4 A: what row 0 and column 0 stand for.
constexpr std::array<shown, 8> table{{
    {1, {red, green, blue, yellow}},
    {2, {green, red, yellow, blue}},
    {3, {yellow, blue, green, red}},
    {4, {blue, yellow, red, green}},
    {5, {red, blue, green, yellow}},
    {6, {blue, red, yellow, green}},
    {7, {yellow, green, blue, red}},
    {8, {green, yellow, red, blue}},
}};

void check_corners(bitmap const& picture, std::array<colour, 4> const& wanted) {
  auto const right = picture.width - 1;
  auto const bottom = picture.height - 1;
  auto const x = picture.width / 8;
  auto const y = picture.height / 8;
  CHECK(near(picture.at(x, y), wanted[0]));
  CHECK(near(picture.at(right - x, y), wanted[1]));
  CHECK(near(picture.at(x, bottom - y), wanted[2]));
  CHECK(near(picture.at(right - x, bottom - y), wanted[3]));
}

}  // namespace

TEST_CASE("Every orientation is turned upright and fitted as it is shown", "[image]") {
  auto const stored = jpeg(draw(401, 203, corners));
  for (auto const& [orientation, wanted] : table) {
    INFO("orientation " << orientation);
    auto const bytes = with_exif(stored, orientation);
    bool const turned = orientation >= 5;
    auto const made = render_all(bytes, {{"whole", 900, 900}, {"main", 101, 101}, {"s", 50, 50}});
    CHECK(made[0].width == (turned ? 203U : 401U));
    CHECK(made[0].height == (turned ? 401U : 203U));
    CHECK(made[1].width == (turned ? 51U : 101U));
    CHECK(made[1].height == (turned ? 101U : 51U));
    for (auto const& one : made) {
      auto const picture = decode(one.bytes);
      CHECK(picture.width == static_cast<int>(one.width));
      check_corners(picture, wanted);
      CHECK(info_of(one.bytes).orientation == 1);
    }
  }
}

TEST_CASE("A profile may keep the raw pixel space", "[image]") {
  auto const bytes = with_exif(jpeg(draw(401, 203, corners)), 6);
  auto const made =
      render_all(bytes, {{"whole", 900, 900}, {"main", 100, 0}}, {.apply_orientation = false});
  CHECK(made[0].width == 401);
  CHECK(made[1].width == 100);
  CHECK(made[1].height == 51);
  for (auto const& one : made) {
    check_corners(decode(one.bytes), table[0].corners);
    CHECK(info_of(one.bytes).orientation == 1);
  }
}

TEST_CASE("Turning moves colour and light alike, odd sizes too", "[image]") {
  // Saturated stripes: a chroma plane off by one sample would cost most of these decibels.
  auto const stripes = [](double x, double y) {
    return colour{static_cast<int>(128 + 100 * std::sin(40 * x)),
                  static_cast<int>(128 + 100 * std::sin(30 * y)), 128};
  };
  auto const turned = [&](int orientation) {
    return [=](double x, double y) {
      switch (orientation) {
        case 2:
          return stripes(1 - x, y);
        case 3:
          return stripes(1 - x, 1 - y);
        case 4:
          return stripes(x, 1 - y);
        case 5:
          return stripes(y, x);
        case 6:
          return stripes(y, 1 - x);
        case 7:
          return stripes(1 - y, 1 - x);
        case 8:
          return stripes(1 - y, x);
        default:
          return stripes(x, y);
      }
    };
  };
  auto const stored = jpeg(draw(804, 604, stripes), TJSAMP_444, 0, 98);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    INFO("orientation " << orientation);
    auto const one = render_one(with_exif(stored, orientation), 201, 201, {.quality = 98});
    REQUIRE((one.width == 151 || one.height == 151));
    auto const wanted =
        draw(static_cast<int>(one.width), static_cast<int>(one.height), turned(orientation));
    CHECK(psnr(decode(one.bytes), wanted) > 33);
  }
}

TEST_CASE("A PNG's orientation is applied", "[image]") {
  auto file = png(draw(200, 100, corners));
  file.before = png_chunk("eXIf", tiff(6, true));
  auto const one = render_one(file.bytes(), 100, 100);
  CHECK(one.width == 50);
  check_corners(decode(one.bytes), table[5].corners);
}
