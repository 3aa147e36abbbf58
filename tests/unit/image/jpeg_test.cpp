// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include "image/image.hpp"
#include "unit/image/images.hpp"

using namespace vinny;
using namespace vinny::test;
using namespace std::string_literals;

namespace {

std::size_t frame_at(std::string const& bytes, char marker = '\xC0') {
  auto const at = bytes.find("\xFF"s + marker);
  REQUIRE(at != std::string::npos);
  return at;
}

/// With the scan (SOS and its data) as often as said.
std::string with_scans(std::string const& bytes, int count) {
  auto const scan = bytes.find("\xFF\xDA");
  auto const end = bytes.size() - 2;
  std::string out = bytes.substr(0, scan);
  for (int i = 0; i < count; ++i) out += bytes.substr(scan, end - scan);
  return out + "\xFF\xD9";
}

}  // namespace

TEST_CASE("A JPEG's header is read without decoding", "[image]") {
  auto const bitmap = draw(301, 203, gradient);
  auto const plain = info_of(jpeg(bitmap));
  CHECK(plain.type == image_type::jpeg);
  CHECK(plain.width == 301);
  CHECK(plain.height == 203);
  CHECK(plain.components == 3);
  CHECK(plain.orientation == 1);
  CHECK_FALSE(plain.progressive);
  CHECK(info_of(jpeg(bitmap, TJSAMP_420, TJFLAG_PROGRESSIVE)).progressive);
  CHECK(info_of(jpeg(bitmap, TJSAMP_GRAY)).components == 1);
  CHECK(info_of(cmyk_jpeg(bitmap)).components == 4);
}

TEST_CASE("Sound JPEGs of every kind pass", "[image]") {
  auto const bitmap = draw(301, 203, gradient);
  auto const plain = jpeg(bitmap);
  for (auto const subsampling :
       {TJSAMP_444, TJSAMP_422, TJSAMP_420, TJSAMP_GRAY, TJSAMP_440, TJSAMP_411}) {
    INFO("subsampling " << subsampling);
    CHECK(judge(jpeg(bitmap, subsampling)) == "ok");
    CHECK(judge(jpeg(bitmap, subsampling, TJFLAG_PROGRESSIVE)) == "ok");
  }
  CHECK(judge(cmyk_jpeg(bitmap)) == "ok");
  CHECK(judge(plain + "\0\0junk\xFF\xD8\xFF"s + std::string(5000, '\0')) == "ok");
  CHECK(judge(plain.substr(0, 2) + "\xFF\xFF\xFF"s + plain.substr(2)) == "ok");  // fill bytes
  auto const frame = frame_at(plain);
  CHECK(judge(plain.substr(0, frame) + "\0\0pad"s + plain.substr(frame)) == "ok");
}

TEST_CASE("A truncated JPEG never passes", "[image]") {
  auto const bitmap = draw(400, 300, gradient);
  for (auto const flags : {0, TJFLAG_PROGRESSIVE}) {
    auto const whole = jpeg(bitmap, TJSAMP_420, flags);
    for (auto const percent : {1U, 10U, 50U, 90U, 99U}) {
      INFO(percent << " %, flags " << flags);
      auto const cut = whole.substr(0, whole.size() * percent / 100);
      CHECK(judge(cut) == "image_corrupt");
      CHECK(judge(cut + "\xFF\xD9") == "image_corrupt");
      auto zeroed = cut;
      zeroed.resize(whole.size());
      CHECK(judge(zeroed) == "image_corrupt");
    }
    CHECK(judge(whole.substr(0, whole.size() - 2)) == "image_corrupt");
    CHECK(judge(whole.substr(0, whole.size() - 1)) == "image_corrupt");
  }
}

TEST_CASE("A JPEG with a piece of its data missing or scrambled never passes", "[image]") {
  auto const whole = jpeg(draw(400, 300, gradient));
  auto const middle = whole.size() / 2;
  CHECK(judge(whole.substr(0, middle) + whole.substr(middle + 512)) == "image_corrupt");
  auto scrambled = whole;
  for (std::size_t i = 0; i < 64; ++i) scrambled[middle + i] = static_cast<char>(i * 73 + 11);
  CHECK(judge(scrambled) == "image_corrupt");
}

TEST_CASE("JPEG sizes outside the limits are refused from the header alone", "[image]") {
  image_limits const limits;
  CHECK(judge(jpeg(draw(99, 400, gradient)), limits) == "image_too_small");
  CHECK(judge(jpeg(draw(400, 99, gradient)), limits) == "image_too_small");
  auto huge = jpeg(draw(400, 300, gradient));
  auto const frame = frame_at(huge);
  huge.replace(frame + 5, 4, "\x75\x30\x75\x30");  // 30000 x 30000
  CHECK(judge(huge, limits) == "image_too_large");
  CHECK(judge(huge.substr(0, frame + 30) + std::string(2000, 'x'), limits) == "image_too_large");
}

TEST_CASE("JPEG frames that no decoder of ours reads are refused", "[image]") {
  auto const whole = jpeg(draw(200, 150, gradient));
  auto const frame = frame_at(whole);
  auto const with = [&](std::size_t offset, std::string const& bytes) {
    auto changed = whole;
    changed.replace(frame + offset, bytes.size(), bytes);
    return judge(changed);
  };
  CHECK(with(0, "\xFF\xC3") == "image_type_unsupported");  // lossless
  CHECK(with(0, "\xFF\xC9") == "image_type_unsupported");  // arithmetic
  CHECK(with(4, "\x0C") == "image_type_unsupported");      // 12 bits
  CHECK(with(9, "\x02") == "image_type_unsupported");      // two components
  CHECK(with(5, "\0\0"s) == "image_corrupt");              // height in a DNL segment
  CHECK(with(7, "\0\0"s) == "image_corrupt");
  CHECK(with(9, "\x01") == "image_corrupt");  // fewer components than the header has room for
  auto const scan = whole.find("\xFF\xDA");
  CHECK(judge(whole.substr(0, scan) + "\xFF\xD9") == "image_corrupt");
  CHECK(judge(whole.substr(0, frame) + whole.substr(scan)) == "image_corrupt");
  CHECK(judge(whole.substr(0, scan) + "\xFF\xDC\0\4\0\x96"s + whole.substr(scan)) ==
        "image_corrupt");
  CHECK(judge(whole.substr(0, frame) + "\xFF\xFE\0\1"s + whole.substr(frame)) == "image_corrupt");
}

TEST_CASE("A JPEG with too many scans is a bomb", "[image]") {
  auto const bytes = jpeg(draw(200, 150, gradient), TJSAMP_420, TJFLAG_PROGRESSIVE);
  CHECK(judge(with_scans(bytes, 200)) == "image_bomb");
  auto limits = any_size();
  limits.max_scans = 3;
  CHECK(judge(bytes, limits) == "image_bomb");
  limits.max_scans = 100;
  CHECK(judge(bytes, limits) == "ok");
}

TEST_CASE("verify and render refuse bytes that inspect did not see", "[image]") {
  auto const bytes = jpeg(draw(200, 150, gradient));
  auto info = info_of(bytes);
  info.width = 100;
  CHECK(verify(bytes, info).error().code == errc::image_corrupt);
  rendition_spec const spec{"a", 50, 50};
  CHECK(render(bytes, info, {}, {&spec, 1}).error().code == errc::image_corrupt);
  CHECK(verify("<html>", info_of(bytes)).error().code == errc::image_corrupt);
}
