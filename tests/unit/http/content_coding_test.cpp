// SPDX-License-Identifier: MIT
#include "http/content_coding.hpp"

#include <zlib.h>
#include <catch2/catch.hpp>

#include "http/inflate.hpp"

using namespace vinny;

namespace {

std::string gzip(std::string_view plain) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
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
    int layers;
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
  CHECK(coded_layers({{"Content-Encoding", value}}) == layers);
}

TEST_CASE("a coding that cannot be undone is named") {
  for (char const* const value : {"br", "zstd", "compress", "gzip, br"}) {
    auto const layers = coded_layers({{"content-encoding", value}});
    REQUIRE_FALSE(layers);
    CHECK(layers.error().code == errc::bad_encoding);
  }
}

TEST_CASE("layers are undone, the last first") {
  CHECK(undo_layers(gzip("hello"), 1, true, 100) == "hello");
  CHECK(undo_layers(gzip(gzip("hello")), 2, true, 100) == "hello");
  CHECK(undo_layers("hello", 0, true, 100) == "hello");
  // Identity was asked for and came, whatever the field says.
  CHECK(undo_layers("\xff\xd8 a JPEG", 1, false, 100) == "\xff\xd8 a JPEG");
  CHECK(undo_layers("no gzip", 1, true, 100).error().code == errc::bad_encoding);
  CHECK(undo_layers(gzip(std::string(1000, 'x')), 1, true, 100).error().code == errc::inflate_bomb);
}

TEST_CASE("what follows a whole gzip member and is none is padding") {
  auto const hello = gzip("hello");
  auto const tail = GENERATE(as<std::string>{}, std::string(1, '\0'), "\r\n",
                             std::string(512, '\0'), "trailing garbage", "\x1f", "\x1f\x8c more");
  CHECK(inflate_bounded(hello + tail, 100) == "hello");
  CHECK(inflate_bounded(hello + gzip(" world"), 100) == "hello world");
  CHECK(inflate_bounded(hello + gzip(" world") + tail, 100) == "hello world");
  // Half a member is damage.
  CHECK_FALSE(inflate_bounded(hello + gzip(" world").substr(0, 12), 100));
  CHECK_FALSE(inflate_bounded(hello.substr(0, hello.size() - 9), 100));
}
