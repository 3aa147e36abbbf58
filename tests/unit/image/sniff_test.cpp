// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include "image/image.hpp"
#include "unit/image/images.hpp"

using namespace vinny;
using namespace std::string_literals;

TEST_CASE("What is not a JPEG or PNG is refused by name", "[image]") {
  struct row {
    std::string bytes;
    errc code;
    std::string named;
  };
  auto const table = std::vector<row>{
      {"<!DOCTYPE html><html><body>Not here</body></html>", errc::not_an_image, "HTML"},
      {"\xEF\xBB\xBF\r\n  <HTML><head>", errc::not_an_image, "HTML"},
      {"<!-- cached --><html>", errc::not_an_image, "HTML"},
      {"<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>", errc::not_an_image,
       "XML"},
      {"{\"error\": \"not found\"}", errc::not_an_image, "JSON"},
      {"\n[1, 2]", errc::not_an_image, "JSON"},
      {"404 page not found", errc::not_an_image, "text"},
      {"BM is how this text begins", errc::not_an_image, "text"},
      {"\xFF\xFEh\0e\0"s, errc::not_an_image, "UTF-16"},
      {"\x01\x02\x03\x04"s, errc::not_an_image, "no known"},
      {"%PDF-1.4\n\0\1"s, errc::not_an_image, "no known"},
      {"RIFF\x10\0\0\0WAVEfmt "s, errc::not_an_image, "no known"},
      {"GIF89a\x01\0\x01\0"s, errc::image_type_unsupported, "GIF"},
      {"RIFF\x10\0\0\0WEBPVP8 "s, errc::image_type_unsupported, "WebP"},
      {"BM\x46\0\0\0\0\0\0\0\x36\0\0\0"s, errc::image_type_unsupported, "BMP"},
      {"II*\0\x08\0\0\0"s, errc::image_type_unsupported, "TIFF"},
      {"MM\0*\0\0\0\x08"s, errc::image_type_unsupported, "TIFF"},
      {"\0\0\0\x20"s + "ftypavif"s, errc::image_type_unsupported, "AVIF"},
      {"\0\0\0\x20"s + "ftypheic"s, errc::image_type_unsupported, "HEIC"},
      {"\0\0\1\0\1\0"s, errc::image_type_unsupported, "ICO"},
      {"<svg xmlns='http://www.w3.org/2000/svg'/>", errc::image_type_unsupported, "SVG"},
      {"<?xml version='1.0'?>\n<!-- a --><svg>", errc::image_type_unsupported, "SVG"},
  };
  for (auto const& [bytes, code, named] : table) {
    INFO(named << ": " << bytes);
    auto const info = inspect(bytes, image_limits{});
    REQUIRE_FALSE(info);
    CHECK(name(info.error().code) == name(code));
    CHECK_THAT(info.error().message, Catch::Contains(named));
  }
}

TEST_CASE("A refusal keeps the first 512 bytes of the body as evidence", "[image]") {
  auto const info = inspect("<html>" + std::string(2000, 'x'), image_limits{});
  REQUIRE_FALSE(info);
  CHECK(info.error().evidence == "<html>" + std::string(506, 'x'));
}

TEST_CASE("The size in bytes has limits, and an empty body has a name", "[image]") {
  auto const bytes = test::jpeg(test::draw(120, 120, test::gradient));
  CHECK(inspect("", {}).error().code == errc::image_too_few_bytes);
  image_limits limits;
  limits.min_bytes = static_cast<std::int64_t>(bytes.size());
  limits.max_bytes = limits.min_bytes;
  CHECK(inspect(bytes, limits));
  limits.min_bytes += 1;
  CHECK(inspect(bytes, limits).error().code == errc::image_too_few_bytes);
  limits.min_bytes = 0;
  limits.max_bytes -= 1;
  CHECK(inspect(bytes, limits).error().code == errc::image_too_large);
}

TEST_CASE("Types have their media types", "[image]") {
  CHECK(mime_type(image_type::jpeg) == "image/jpeg");
  CHECK(mime_type(image_type::png) == "image/png");
}
