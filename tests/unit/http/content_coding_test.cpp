// SPDX-License-Identifier: MIT
#include "http/content_coding.hpp"

#include <catch2/catch.hpp>

#include "http/inflate.hpp"
#include "support/deflated.hpp"

using namespace vinny;
using namespace vinny::test;

TEST_CASE("words that name no coding are passed over") {
  struct row {
    char const* value;
    std::size_t layers;
  };
  auto const [value, layers] = GENERATE(values<row>({
      {"", 0},
      {"identity", 0},
      {"none", 0},
      {"UTF-8", 0},
      {"aws-chunked", 0},
      {"image/jpeg", 0},
      {"gzip", 1},
      {"X-GZip", 1},
      {"deflate", 1},
      {"gzip, aws-chunked", 1},
      {"gzip, gzip", 2},
      {" , gzip ,", 1},
  }));
  CAPTURE(value);
  auto const found = coded_layers({{"Content-Encoding", value}});
  REQUIRE(found);
  CHECK(found->size() == layers);
}

TEST_CASE("a coding that cannot be undone is named") {
  for (char const* const value : {"br", "zstd", "compress", "gzip, br"}) {
    auto const layers = coded_layers({{"content-encoding", value}});
    REQUIRE_FALSE(layers);
    CHECK(layers.error().code == errc::bad_encoding);
  }
}

TEST_CASE("layers are undone, the last first") {
  using enum coding;
  using all = std::vector<coding>;
  CHECK(undo_layers(deflated("hello", wrapping::gzip), {gzip}, true, 100) == "hello");
  CHECK(undo_layers(deflated(deflated("hello", wrapping::gzip), wrapping::gzip), {gzip, gzip}, true,
                    100) == "hello");
  CHECK(undo_layers(deflated(deflated("hello", wrapping::zlib), wrapping::gzip), {deflate, gzip},
                    false, 100) == "hello");
  CHECK(undo_layers("hello", {}, true, 100) == "hello");
  CHECK(undo_layers("no gzip", {gzip}, true, 100).error().code == errc::bad_encoding);
  auto const large = deflated(std::string(1000, 'x'), wrapping::gzip);
  CHECK(undo_layers(large, {gzip}, true, 100).error().code == errc::inflate_bomb);
  CHECK(coded_layers({{"Content-Encoding", "deflate"}, {"Content-Encoding", "gzip"}}) ==
        all{deflate, gzip});
}

TEST_CASE("identity was asked for: what came is looked at, whatever the field says") {
  using enum coding;
  auto const layer = GENERATE(coding::gzip, coding::deflate);
  for (std::string const plain : {"\xff\xd8\xff\xe0 a JPEG", "\x89PNG\r\n\x1a\n a PNG", "GIF89a",
                                  "RIFF....WEBPVP8 ", "II*\0"}) {
    INFO(plain);
    CHECK(undo_layers(plain, {layer}, false, 100) == plain);
  }
  CHECK(undo_layers(deflated("hello", wrapping::zlib), {deflate}, false, 100) == "hello");
  CHECK(undo_layers(deflated("hello", wrapping::none), {deflate}, false, 100) == "hello");
  auto const cut = deflated("hello", wrapping::zlib).substr(0, 6);
  CHECK(undo_layers(cut, {deflate}, false, 100).error().code == errc::bad_encoding);
}

TEST_CASE("what follows a whole gzip member and is none is padding") {
  auto const hello = deflated("hello", wrapping::gzip);
  auto const tail = GENERATE(as<std::string>{}, std::string(1, '\0'), "\r\n",
                             std::string(512, '\0'), "trailing garbage", "\x1f", "\x1f\x8c more");
  CHECK(inflate_bounded(hello + tail, 100) == "hello");
  CHECK(inflate_bounded(hello + deflated(" world", wrapping::gzip), 100) == "hello world");
  CHECK(inflate_bounded(hello + deflated(" world", wrapping::gzip) + tail, 100) == "hello world");
  // Half a member is damage.
  CHECK_FALSE(inflate_bounded(hello + deflated(" world", wrapping::gzip).substr(0, 12), 100));
  CHECK_FALSE(inflate_bounded(hello.substr(0, hello.size() - 9), 100));
}
