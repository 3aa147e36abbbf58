// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include "image/image.hpp"
#include "unit/image/images.hpp"

using namespace vinny;
using namespace vinny::test;
using namespace std::string_literals;

TEST_CASE("A PNG's header is read without decoding", "[image]") {
  auto const info = info_of(png(draw(301, 203, gradient)).bytes());
  CHECK(info.type == image_type::png);
  CHECK(info.width == 301);
  CHECK(info.height == 203);
  CHECK(info.components == 3);
}

TEST_CASE("A sound PNG passes, with junk after its end as well", "[image]") {
  auto const bytes = png(draw(200, 150, gradient)).bytes();
  CHECK(judge(bytes) == "ok");
  CHECK(judge(bytes + "junk" + std::string(3000, '\0')) == "ok");
}

TEST_CASE("A truncated or damaged PNG never passes", "[image]") {
  auto const whole = png(draw(200, 150, gradient)).bytes();
  for (auto const percent : {1U, 10U, 50U, 90U, 99U}) {
    INFO(percent << " %");
    auto const cut = whole.substr(0, whole.size() * percent / 100);
    CHECK(judge(cut) == (percent == 1 && cut.size() < 8 ? "not_an_image" : "image_corrupt"));
    auto zeroed = cut;
    zeroed.resize(whole.size());
    CHECK(judge(zeroed) == "image_corrupt");
  }
  CHECK(judge(whole.substr(0, whole.size() - 2)) == "image_corrupt");
  for (auto const at : {20UL, whole.size() / 2, whole.size() - 30}) {
    auto damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    CHECK(judge(damaged) == "image_corrupt");
  }
}

TEST_CASE("A PNG whose data does not fit its header never passes", "[image]") {
  auto const sound = png(draw(64, 48, gradient));
  auto file = sound;
  file.raw.resize(file.raw.size() - 1);
  CHECK(judge(file.bytes()) == "image_corrupt");
  file = sound;
  file.raw[64 * 3 + 1] = 5;  // a filter type that does not exist
  CHECK(judge(file.bytes()) == "image_corrupt");
  file = sound;
  file.raw += "a few bytes too many";
  CHECK(judge(file.bytes()) == "ok");
  auto const no_stream = sound.header() + png_chunk("IDAT", "not deflate") + png_chunk("IEND", "");
  CHECK(judge(no_stream) == "image_corrupt");
  CHECK(judge(sound.header() + png_chunk("IEND", "")) == "image_corrupt");
  auto adler = deflated(sound.raw);
  adler.back() = static_cast<char>(adler.back() ^ 1);
  CHECK(judge(sound.header() + png_chunk("IDAT", adler) + png_chunk("IEND", "")) ==
        "image_corrupt");
}

TEST_CASE("A PNG that inflates to more than its header tells is a bomb", "[image]") {
  auto file = png(draw(64, 48, gradient));
  file.raw += std::string(20'000'000, '\0');
  auto const bytes = file.bytes();
  CHECK(judge(bytes) == "image_bomb");
  rendition_spec const spec{"a", 32, 32};
  CHECK_FALSE(render(bytes, info_of(bytes), {}, {&spec, 1}));
}

TEST_CASE("PNG sizes outside the limits are refused from the header alone", "[image]") {
  image_limits limits;
  limits.min_bytes = 0;
  png_file huge{.width = 30000, .height = 30000, .raw = {}, .before = {}};
  CHECK(judge(huge.header(), limits) == "image_too_large");
  png_file widest{.width = 0x7FFFFFFF, .height = 0x7FFFFFFF, .raw = {}, .before = {}};
  CHECK(judge(widest.header(), limits) == "image_too_large");
  CHECK(judge(png(draw(99, 300, gradient)).bytes(), limits) == "image_too_small");
  png_file flat{.width = 0, .height = 300, .raw = {}, .before = {}};
  CHECK(judge(flat.header(), limits) == "image_corrupt");
}

TEST_CASE("PNG headers and chunks that make no sense are refused", "[image]") {
  auto file = png(draw(64, 48, gradient));
  file.depth = 4;
  CHECK(judge(file.bytes()) == "image_corrupt");
  file.depth = 8;
  file.colour = 5;
  CHECK(judge(file.bytes()) == "image_corrupt");
  file.colour = 3;
  CHECK(judge(file.bytes()) == "image_corrupt");  // no palette
  file.colour = 2;
  file.interlace = 2;
  CHECK(judge(file.bytes()) == "image_corrupt");
  file.interlace = 0;
  file.before = png_chunk("QQQQ", "critical");
  CHECK(judge(file.bytes()) == "image_corrupt");
  file.before = png_chunk("qqqq", "not critical") + png_chunk("zTXt", "never inflated");
  CHECK(judge(file.bytes()) == "ok");
  CHECK(judge("\x89PNG\r\n\x1A\n" + png_chunk("CgBI", "\x50\0\x20\x06"s) +
              file.bytes().substr(8)) == "image_type_unsupported");
}

TEST_CASE("Interlaced PNGs are followed through their passes", "[image]") {
  // 5 x 3, grey: passes of 1x1, 1x1, none, 1x1, 3x1, 2x2, 5x1 pixels.
  png_file file{.width = 5, .height = 3, .colour = 0, .interlace = 1, .raw = {}, .before = {}};
  for (auto const& [columns, rows] : {std::pair{1, 1}, {1, 1}, {1, 1}, {3, 1}, {2, 2}, {5, 1}}) {
    for (int i = 0; i < rows; ++i)
      file.raw += '\0' + std::string(static_cast<std::size_t>(columns), '\x80');
  }
  CHECK(judge(file.bytes()) == "ok");
  CHECK(near(decode(render_one(file.bytes(), 5, 3).bytes).at(2, 1), {128, 128, 128}, 3));
  file.raw.pop_back();
  CHECK(judge(file.bytes()) == "image_corrupt");
}
