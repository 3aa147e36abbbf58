// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include "events/publish/rows.hpp"

using namespace vinny;

TEST_CASE("a public address is the key, with a version once the key has held other content") {
  rendition_row what{.id = {"liv", "dom-dolla", "hd"},
                     .url = {},
                     .sha256 = std::string(64, 'a'),
                     .source_mime = {},
                     .stored = true};
  CHECK(public_address("https://img.example.org", what) ==
        "https://img.example.org/artists/dom-dolla/dom-dolla_liv_hd.jpg");
  what.versioned = true;
  CHECK(public_address("https://img.example.org/", what) ==
        "https://img.example.org/artists/dom-dolla/dom-dolla_liv_hd.jpg?v=aaaaaaaa");
  image_index const index{std::vector{what}, {{"hd", 1500}}, "https://img.example.org"};
  CHECK(index.at_venue("dom-dolla", "liv").ends_with("_hd.jpg?v=aaaaaaaa"));
}
