// SPDX-License-Identifier: MIT
#include "specimens/source/image_variants.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>

#include "unit/scratch_folder.hpp"

using namespace vinny;

namespace {

image_variants rules(std::string_view text) {
  auto made = image_variants::parse(text);
  REQUIRE(made);
  return std::move(*made);
}

}  // namespace

TEST_CASE("without a rule nothing is taken for a variant") {
  auto const all = rules("# herbarium.example.org _l.jpg\n\n   \r\nother.example.org .jpg\n");
  for (std::string const url : {"https://herbarium.example.org/1_l.jpg", "x", ""}) {
    CHECK(all.read(url).key == url);
    CHECK(image_variants{}.read(url).key == url);
  }
}

TEST_CASE("of a host with a rule the endings are sizes of one photograph, the first the best") {
  auto const all = rules("www.Herbarium.example.org\t.jpg _l.jpg  _t.jpg\r\n");
  std::string const base = "https://herbarium.example.org/p/0149";
  auto const original = all.read("https://herbarium.example.org/p/0149.jpg");
  auto const large = all.read("https://herbarium.example.org/p/0149_l.jpg");
  auto const thumb = all.read("https://herbarium.example.org/p/0149_t.jpg#top");
  CHECK(original.key == base);
  CHECK(large.key == base);
  CHECK(thumb.key == base);
  CHECK(better_candidate(original, large));
  CHECK(better_candidate(large, thumb));
  std::string const www = "https://www.herbarium.example.org:8080/p/0149_l.jpg";
  CHECK(all.read(www).key == "https://www.herbarium.example.org:8080/p/0149");
  // Another ending, and one that would leave nothing.
  CHECK(all.read(base + "_x.png").key == base + "_x.png");
  CHECK(all.read("https://herbarium.example.org/.jpg").key == "https://herbarium.example.org/.jpg");
}

TEST_CASE("a number in an ending ranks by itself") {
  auto const all = rules("a.org ?width=# _#x#.png");
  std::string const small = "https://a.org/i.jpg?width=300";
  std::string const large = "https://a.org/i.jpg?width=1600";
  CHECK(all.read(small).key == "https://a.org/i.jpg");
  CHECK(all.read(large).key == all.read(small).key);
  CHECK(better_candidate(all.read(large), all.read(small)));
  std::string const none = "https://a.org/i.jpg?width=";
  CHECK(all.read(none).key == none);
  std::string const edge = "https://a.org/i_800x600.png";
  CHECK(all.read(edge).key == "https://a.org/i");
  std::string const many = "https://a.org/i.jpg?width=1234567890123";
  CHECK(all.read(many).key == many);
}

TEST_CASE("http and https are one where a rule says so, and IIIF stays what it is") {
  auto const all = rules("a.org http=https");
  std::string const plain = "http://a.org/iiif/X/full/max/0/default.jpg";
  std::string const secure = "https://a.org/iiif/X/manifest";
  CHECK(all.read(plain).key == "://a.org/iiif/X");
  CHECK(all.read(secure).key == "://a.org/iiif/X");
  CHECK(all.read(secure).kind == reference_kind::manifest);
  CHECK(all.read("a.org/x").key == "a.org/x");
}

TEST_CASE("a rule that cannot be meant is refused with its line") {
  struct row {
    std::string text;
    std::string says;
  };
  auto const one = GENERATE(values<row>({
      {"\na.org", "line 2: no ending"},
      {"a.org/x .jpg", "line 1: 'a.org/x' is not a host"},
      {"a.org .jpg\nwww.a.org .png", "line 2: a.org has a line already"},
      {"a.org https://a.org/x.jpg", "is not the ending"},
      {"a.org #", "is not the ending"},
  }));
  auto const made = image_variants::parse(one.text);
  REQUIRE_FALSE(made);
  CHECK(made.error().code == errc::config_invalid);
  CHECK_THAT(made.error().message, Catch::Contains(one.says));
}

TEST_CASE("a file of rules that is not there or too large is named") {
  scratch_folder const folder;
  CHECK(image_variants::load(""));
  auto const gone = image_variants::load(folder.path / "none");
  REQUIRE_FALSE(gone);
  CHECK_THAT(gone.error().message, Catch::Contains("none is not there"));
  CHECK_FALSE(image_variants::load(folder.path));
  std::ofstream{folder.path / "rules"} << "a.org _l.jpg\nb.org\n";
  auto const bad = image_variants::load(folder.path / "rules");
  REQUIRE_FALSE(bad);
  CHECK_THAT(bad.error().message, Catch::Contains("rules, line 2:"));
}
