// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include "image/image.hpp"
#include "unit/image/images.hpp"

using namespace vinny;
using namespace vinny::test;
using namespace std::string_literals;

namespace {

bool has_marker(std::string const& bytes, char marker) {
  // Headers only: entropy-coded data has no marker that is not stuffed.
  return bytes.find("\xFF"s + marker) != std::string::npos;
}

void check_form(rendered const& one) {
  auto const info = info_of(one.bytes);
  CHECK(info.type == image_type::jpeg);
  CHECK(info.width == one.width);
  CHECK(info.height == one.height);
  CHECK(info.progressive);
  CHECK(info.orientation == 1);
  CHECK(judge(one.bytes) == "ok");
  CHECK_FALSE(has_marker(one.bytes, '\xE1'));
  CHECK_FALSE(has_marker(one.bytes, '\xEE'));
  CHECK(one.bytes.starts_with("\xFF\xD8\xFF"));
  CHECK(one.bytes.ends_with("\xFF\xD9"));
}

bool is_grey(std::string const& bytes) {
  return info_of(bytes).components == 1;
}

}  // namespace

TEST_CASE("Renditions come in the order of the specs, sized and labelled", "[image]") {
  auto const bytes = with_exif(jpeg(draw(1200, 800, gradient)), 1);
  auto const made = render_all(
      bytes, {{"small", 240, 0}, {"hd", 600, 600}, {"main", 500, 100}, {"huge", 5000, 5000}});
  REQUIRE(made.size() == 4);
  CHECK((made[0].label == "small" && made[0].width == 240 && made[0].height == 160));
  CHECK((made[1].label == "hd" && made[1].width == 600 && made[1].height == 400));
  CHECK((made[2].label == "main" && made[2].width == 150 && made[2].height == 100));
  CHECK((made[3].label == "huge" && made[3].width == 1200 && made[3].height == 800));
  for (auto const& one : made) check_form(one);
}

TEST_CASE("No specs make no renditions", "[image]") {
  CHECK(render_all(jpeg(draw(64, 48, gradient)), {}).empty());
}

TEST_CASE("A JPEG that fits its box is rewritten without loss", "[image]") {
  auto const bytes = with_exif(jpeg(draw(301, 203, gradient), TJSAMP_422), 1);
  auto const one = render_one(bytes, 500, 500);
  check_form(one);
  CHECK(decode(one.bytes).rgb == decode(bytes).rgb);
}

TEST_CASE("A smooth picture keeps its colours through every subsampling and scale", "[image]") {
  for (auto const& [width, height] : {std::pair{1203, 801}, {801, 1203}, {640, 480}}) {
    auto const original = draw(width, height, gradient);
    for (auto const subsampling : {TJSAMP_444, TJSAMP_422, TJSAMP_420, TJSAMP_440, TJSAMP_411}) {
      for (auto const flags : {0, TJFLAG_PROGRESSIVE}) {
        auto const bytes = jpeg(original, subsampling, flags, 95);
        std::vector<rendition_spec> const boxes{
            {"a", 599, 0}, {"b", 301, 0}, {"c", 150, 0}, {"d", 75, 0}, {"e", 33, 0}};
        auto const cascade = render_all(bytes, boxes);
        for (std::size_t i = 0; i < boxes.size(); ++i) {
          INFO(width << "x" << height << " subsampling " << subsampling << " to "
                     << cascade[i].width);
          auto const wanted = draw(static_cast<int>(cascade[i].width),
                                   static_cast<int>(cascade[i].height), gradient);
          CHECK(psnr(decode(cascade[i].bytes), wanted) > 38);
          auto const alone = render_one(bytes, boxes[i].box_width, 0);
          CHECK(psnr(decode(alone.bytes), wanted) > 38);
        }
      }
    }
  }
}

TEST_CASE("Odd sizes are not stretched to the decoder's padding", "[image]") {
  auto const fine = [](double x, double y) {
    auto const v = static_cast<int>(128 + 50 * std::sin(120 * x) + 50 * std::sin(110 * y));
    return colour{v, v, v};
  };
  for (auto const subsampling : {TJSAMP_420, TJSAMP_440, TJSAMP_411, TJSAMP_444}) {
    INFO("subsampling " << subsampling);
    auto const bytes = jpeg(draw(601, 401, fine), subsampling, 0, 98);
    for (auto const width : {300U, 150U}) {
      auto const one = render_one(bytes, width, 0, {.quality = 98});
      auto const wanted = draw(static_cast<int>(one.width), static_cast<int>(one.height), fine);
      CHECK(psnr(decode(one.bytes), wanted) > 48);
    }
  }
}

TEST_CASE("Grey stays grey", "[image]") {
  auto const paint = [](double x, double y) {
    auto const v = static_cast<int>(std::lround(30 + 100 * x + 100 * y));
    return colour{v, v, v};
  };
  auto const original = draw(501, 333, paint);
  auto const wanted = draw(200, 133, paint);
  auto const from_jpeg = render_one(jpeg(original, TJSAMP_GRAY), 200, 200);
  check_form(from_jpeg);
  CHECK(is_grey(from_jpeg.bytes));
  CHECK(psnr(decode(from_jpeg.bytes), wanted) > 40);
  auto const file = png(501, 333, 0, [&](int x, int y) { return samples({original.at(x, y).r}); });
  auto const from_png = render_one(file.bytes(), 200, 200);
  CHECK(is_grey(from_png.bytes));
  CHECK(psnr(decode(from_png.bytes), wanted) > 40);
}

TEST_CASE("CMYK becomes RGB, whichever way its inks are stored", "[image]") {
  auto const original = draw(403, 301, gradient);
  auto const adobe = cmyk_jpeg(original);
  auto const wanted = draw(200, 149, gradient);
  auto const one = render_one(adobe, 200, 200);
  check_form(one);
  CHECK(info_of(one.bytes).components == 3);
  CHECK(psnr(decode(one.bytes), wanted) > 32);
  // At its own size it must not be rewritten as it is.
  CHECK(info_of(render_one(adobe, 500, 500).bytes).components == 3);

  // Without the Adobe marker the same samples are plain CMYK, and 255 is full ink.
  auto const marker = adobe.find("\xFF\xEE");
  REQUIRE(marker != std::string::npos);
  auto const plain = adobe.substr(0, marker) + adobe.substr(marker + 16);
  auto const flat = render_one(plain, 200, 200);
  CHECK(decode(flat.bytes).at(100, 70).r < 140);
}

TEST_CASE("PNG colours survive, and the size is cut down in one go or in steps", "[image]") {
  auto const bytes = png(draw(601, 399, gradient)).bytes();
  auto const made = render_all(bytes, {{"a", 601, 399}, {"b", 301, 0}, {"c", 99, 0}});
  for (auto const& one : made) {
    check_form(one);
    auto const wanted = draw(static_cast<int>(one.width), static_cast<int>(one.height), gradient);
    CHECK(psnr(decode(one.bytes), wanted) > 36);
  }
}

TEST_CASE("Alpha is laid on white", "[image]") {
  auto const rgba = png(200, 100, 6, [](int x, int) {
    return x < 100 ? samples({200, 0, 0, 0}) : samples({200, 0, 0, 128});
  });
  auto const one = decode(render_one(rgba.bytes(), 100, 50).bytes);
  CHECK(near(one.at(20, 25), {255, 255, 255}, 3));
  CHECK(near(one.at(80, 25), {227, 127, 127}, 6));
  auto const grey = png(200, 100, 4, [](int x, int) { return samples({0, x < 100 ? 0 : 255}); });
  auto const two = decode(render_one(grey.bytes(), 100, 50).bytes);
  CHECK(near(two.at(20, 25), {255, 255, 255}, 3));
  CHECK(near(two.at(80, 25), {0, 0, 0}, 3));
}

TEST_CASE("PNG palettes, transparent ones too, and 16 bits are understood", "[image]") {
  auto palette = png(200, 100, 3, [](int x, int) { return samples({x < 100 ? 0 : 1}); });
  palette.before = png_chunk("PLTE", samples({200, 30, 30, 30, 30, 200}));
  auto const solid = decode(render_one(palette.bytes(), 100, 50).bytes);
  CHECK(near(solid.at(20, 25), {200, 30, 30}, 8));
  CHECK(near(solid.at(80, 25), {30, 30, 200}, 8));
  palette.before += png_chunk("tRNS", samples({0}));
  auto const clear = decode(render_one(palette.bytes(), 100, 50).bytes);
  CHECK(near(clear.at(20, 25), {255, 255, 255}, 8));
  CHECK(near(clear.at(80, 25), {30, 30, 200}, 8));

  auto wide = png(120, 100, 2, [](int, int) { return samples({200, 1, 100, 2, 50, 3}); });
  wide.depth = 16;
  CHECK(judge(wide.bytes()) == "ok");
  CHECK(near(decode(render_one(wide.bytes(), 60, 50).bytes).at(30, 25), {200, 100, 50}, 5));

  png_file bits{.width = 128, .height = 64, .colour = 0, .depth = 1, .raw = {}, .before = {}};
  for (int y = 0; y < 64; ++y) bits.raw += '\0' + std::string(8, '\xFF') + std::string(8, '\0');
  auto const black_white = decode(render_one(bits.bytes(), 64, 32).bytes);
  CHECK(near(black_white.at(10, 16), {255, 255, 255}, 4));
  CHECK(near(black_white.at(54, 16), {0, 0, 0}, 4));
}

TEST_CASE("A pixel beyond its palette is black and nothing else", "[image]") {
  auto file = png(64, 64, 3, [](int, int) { return samples({200}); });
  file.before = png_chunk("PLTE", samples({200, 30, 30}));
  CHECK(near(decode(render_one(file.bytes(), 32, 32).bytes).at(16, 16), {0, 0, 0}, 2));
}

TEST_CASE("The narrowest pictures keep at least one pixel a side", "[image]") {
  struct row {
    int width, height;
  };
  for (auto const& [width, height] :
       {row{4000, 1}, row{1, 4000}, row{4000, 3}, row{3, 4000}, row{1, 1}, row{2, 3}, row{9, 7}}) {
    auto const bitmap = draw(width, height, [](double, double) { return colour{200, 100, 50}; });
    for (auto const& bytes : {jpeg(bitmap), jpeg(bitmap, TJSAMP_411), png(bitmap).bytes()}) {
      INFO(width << "x" << height);
      auto const made = render_all(bytes, {{"a", 500, 500}, {"b", 5, 5}, {"c", 1, 1}});
      for (auto const& one : made) {
        check_form(one);
        auto const middle =
            decode(one.bytes).at(static_cast<int>(one.width) / 2, static_cast<int>(one.height) / 2);
        CHECK(near(middle, {200, 100, 50}, 6));
      }
      CHECK((made[2].width == 1 && made[2].height == 1));
    }
  }
}

TEST_CASE("A damaged JPEG makes no renditions", "[image]") {
  auto const whole = jpeg(draw(400, 300, gradient));
  auto const cut = whole.substr(0, whole.size() / 2) + "\xFF\xD9";
  rendition_spec const small{"a", 100, 100};
  auto const made = render(cut, info_of(cut), {}, {&small, 1});
  REQUIRE_FALSE(made);
  CHECK(made.error().code == errc::image_corrupt);
}

TEST_CASE("Quality is the profile's", "[image]") {
  auto const bytes = jpeg(draw(800, 600, gradient));
  CHECK(render_one(bytes, 400, 400, {.quality = 40}).bytes.size() <
        render_one(bytes, 400, 400, {.quality = 95}).bytes.size());
}
