// SPDX-License-Identifier: MIT
#include "captures/model/thumbnail.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace vinny;

namespace {

constexpr std::int64_t noon = 1'800'000'000'000;

thumbnail made(std::uint32_t width = 240, std::optional<std::int64_t> source = noon) {
  return {
      .label = "small", .key = "k", .width = width, .height = 160, .bytes = 1, .source_ms = source};
}
thumbnail_size const small{"small", 240};

}  // namespace

TEST_CASE("2.2 6: without a key, of another width or of an older source it is not valid") {
  CHECK(is_valid(made(), small, noon));
  auto unfinished = made();
  unfinished.key.clear();
  CHECK_FALSE(is_valid(unfinished, small, noon));
  CHECK_FALSE(is_valid(made(239), small, noon));
  CHECK_FALSE(is_valid(made(241), small, noon));
  CHECK_FALSE(is_valid(made(), small, noon + 1));
}

TEST_CASE("2.2 7: equal times are valid, and a missing one says nothing") {
  CHECK(is_valid(made(240, noon), small, noon));
  CHECK(is_valid(made(240, noon + 1), small, noon));
  CHECK(is_valid(made(240, std::nullopt), small, noon));
  CHECK(is_valid(made(240, noon), small, std::nullopt));
  CHECK(is_valid(made(240, std::nullopt), small, std::nullopt));
}

TEST_CASE("2.1 3: the height that came out is never compared") {
  auto other = made();
  other.height = 9999;
  CHECK(is_valid(other, small, noon));
}

TEST_CASE("a key carries the source's version, and can be read back") {
  capture one{.id = 12, .collection = "moths", .location = "a.jpg", .modified_ms = noon};
  auto const key = thumbnail_key(one, "extra-large", "0123abcd");
  CHECK(key.starts_with("thumbnails/capture_12/extra-large-"));
  auto const read = read_thumbnail_key(key);
  REQUIRE(read);
  CHECK(read->capture == 12);
  CHECK(read->tail == "0123abcd");
  one.modified_ms = noon + 1;
  CHECK(thumbnail_key(one, "extra-large", "0123abcd") != key);
}

TEST_CASE("what is no key of ours is not read as one") {
  for (std::string const key :
       {"", "thumbnails/", "thumbnails/capture_12/small.jpg", "thumbnails/capture_12/x-1.jpg",
        "thumbnails/capture_0/small-0123456789ab-00.jpg",
        "thumbnails/capture_x/small-0123456789ab-00.jpg",
        "thumbnails/capture_12/small-0123456789aB-00.jpg",
        "thumbnails/capture_12/small-0123456789ab-.jpg",
        "thumbnails/capture_12/a/small-0123456789ab-00.jpg",
        "thumbnails/capture_12/../small-0123456789ab-00.jpg",
        "thumbnails/capture_12/small-0123456789ab-00.png",
        "artists/capture_12/small-0123456789ab-00.jpg"}) {
    CAPTURE(key);
    CHECK_FALSE(read_thumbnail_key(key));
  }
}
