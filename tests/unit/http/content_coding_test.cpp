// SPDX-License-Identifier: MIT
#include "http/content_coding.hpp"

#include <zlib.h>
#include <catch2/catch.hpp>

#include "http/inflate.hpp"

using namespace vinny;

namespace {

// What zlib calls a window tells the wrapping, too.
constexpr int in_gzip = 15 + 16;
constexpr int in_zlib = 15;
constexpr int in_nothing = -15;

std::string packed(std::string_view plain, int wrapping) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 6, Z_DEFLATED, wrapping, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(plain.size() + 200, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace

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
  CHECK(undo_layers(packed("hello", in_gzip), {gzip}, true, 100) == "hello");
  CHECK(undo_layers(packed(packed("hello", in_gzip), in_gzip), {gzip, gzip}, true, 100) == "hello");
  CHECK(undo_layers(packed(packed("hello", in_zlib), in_gzip), {deflate, gzip}, false, 100) ==
        "hello");
  CHECK(undo_layers("hello", {}, true, 100) == "hello");
  CHECK(undo_layers("no gzip", {gzip}, true, 100).error().code == errc::bad_encoding);
  auto const large = packed(std::string(1000, 'x'), in_gzip);
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
  CHECK(undo_layers(packed("hello", in_zlib), {deflate}, false, 100) == "hello");
  CHECK(undo_layers(packed("hello", in_nothing), {deflate}, false, 100) == "hello");
  auto const cut = packed("hello", in_zlib).substr(0, 6);
  CHECK(undo_layers(cut, {deflate}, false, 100).error().code == errc::bad_encoding);
}

TEST_CASE("what follows a whole gzip member and is none is padding") {
  auto const hello = packed("hello", in_gzip);
  auto const tail = GENERATE(as<std::string>{}, std::string(1, '\0'), "\r\n",
                             std::string(512, '\0'), "trailing garbage", "\x1f", "\x1f\x8c more");
  CHECK(inflate_bounded(hello + tail, 100) == "hello");
  CHECK(inflate_bounded(hello + packed(" world", in_gzip), 100) == "hello world");
  CHECK(inflate_bounded(hello + packed(" world", in_gzip) + tail, 100) == "hello world");
  // Half a member is damage.
  CHECK_FALSE(inflate_bounded(hello + packed(" world", in_gzip).substr(0, 12), 100));
  CHECK_FALSE(inflate_bounded(hello.substr(0, hello.size() - 9), 100));
}
