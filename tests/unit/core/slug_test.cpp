// SPDX-License-Identifier: MIT
#include "core/slug.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "core/digest.hpp"

using namespace vinny;

TEST_CASE("names become the slugs that people expect") {
  struct row {
    char const* name;
    char const* slug;
  };
  auto const [name, slug] = GENERATE(values<row>({
      {"Dom Dolla", "dom-dolla"},
      {"deadmau5", "deadmau5"},
      {"Tiësto", "tiesto"},
      {"TIESTO", "tiesto"},
      {"Tie\xCC\x88sto", "tiesto"},  // the mark as a character of its own
      {"MØ", "mo"},
      {"Röyksopp", "royksopp"},
      {"Straße", "strasse"},
      {"STRA\xE1\xBA\x9E"
       "E",
       "strasse"},  // capital sharp s
      {"Łona", "lona"},
      {"Cœur de Pirate", "coeur-de-pirate"},
      {"Æther", "aether"},
      {"Þór", "thor"},
      {"Đorđe", "dorde"},
      {"Sigur Rós & Ágætis", "sigur-ros-agaetis"},
      {"  Carl   Cox  ", "carl-cox"},
      {"Above & Beyond", "above-beyond"},
      {"Cat's Eye", "cat-s-eye"},
      {"A$AP Rocky!!!", "a-ap-rocky"},
      {"---Odd---Name---", "odd-name"},
      {"ＦＵＬＬ wide", "full-wide"},
      {"ﬁnal", "final"},
      {"4B", "4b"},
      {"../../etc/passwd", "etc-passwd"},
      {"..\\..\\windows", "windows"},
      {"a\tb\nc", "a-b-c"},
  }));
  CAPTURE(name);
  auto const made = slugify(name);
  CHECK(made.slug == slug);
  CHECK(made.identity == slug);
  CHECK(is_slug(made.slug));
}

TEST_CASE("a name without a usable letter becomes the fallback and a hash") {
  for (std::string const name : {"", "   ", "!!!", "..", "/", "日本語", "Кино", "🎧"}) {
    CAPTURE(name);
    auto const made = slugify(name);
    CHECK(made.slug.size() == std::string{"artist-"}.size() + 8);
    CHECK(made.slug.starts_with("artist-"));
    CHECK(is_slug(made.slug));
  }
  CHECK(slugify("日本語").slug != slugify("Кино").slug);
  CHECK(slugify("Кино").slug == slugify("КИНО").slug);
  CHECK(slugify("日本語", "venue").slug.starts_with("venue-"));
}

TEST_CASE("a name of 300 characters is cut to 80 and keeps its own identity") {
  std::string const a(300, 'x');
  auto const first = slugify(a);
  CHECK(first.slug == std::string(80, 'x'));
  auto const second = slugify(a + "y");
  CHECK(second.slug == first.slug);
  CHECK(second.identity != first.identity);

  // The cut falls on a hyphen: it goes too.
  CHECK(slugify(std::string(79, 'x') + " " + std::string(50, 'y')).slug == std::string(79, 'x'));
  CHECK(slugify(std::string(80, 'x')).identity == std::string(80, 'x'));
}

TEST_CASE("names whose letters were lost are other people than their slug says") {
  auto const plain = slugify("DJ Sol");
  auto const lost = slugify("DJ Sol 日本");
  CHECK(lost.slug == plain.slug);
  CHECK(lost.identity != plain.identity);
  CHECK(lost.identity == slugify("dj  sol 日本").identity);

  // Signs are no letters: nothing was lost.
  CHECK(slugify("DJ Sol ★").identity == plain.identity);
  CHECK(slugify("Tiësto").identity == slugify("TIESTO").identity);
}

TEST_CASE("the slug of a second identity has a hash and keeps within 80 characters") {
  CHECK(slug_with_hash("dj-sol", "dj sol 日本") ==
        "dj-sol-" + sha256_hex("dj sol 日本").substr(0, 8));
  for (std::size_t const size : {1U, 70U, 71U, 72U, 79U, 80U}) {
    CAPTURE(size);
    auto const made = slug_with_hash(std::string(size, 'a'), "someone");
    CHECK(is_slug(made));
    CHECK(made.size() == std::min<std::size_t>(size, 71) + 9);
  }
  // A hyphen at the cut does not become two.
  auto const hyphen = slug_with_hash(std::string(70, 'a') + "-bbbbbbbbb", "someone");
  CHECK(hyphen.find("--") == std::string::npos);
  CHECK(slug_with_hash("a", "one") != slug_with_hash("a", "two"));
}

TEST_CASE("is_slug accepts nothing but 1 to 80 of a-z, 0-9 and hyphen") {
  CHECK(is_slug("a"));
  CHECK(is_slug("dom-dolla-2"));
  CHECK(is_slug(std::string(80, 'a')));
  for (std::string const bad : {"", "A", "a b", "a/b", "a.b", "..", "é", "a_b"}) {
    CAPTURE(bad);
    CHECK_FALSE(is_slug(bad));
  }
  CHECK_FALSE(is_slug(std::string(81, 'a')));
  CHECK_FALSE(is_slug(std::string_view{"a\0b", 3}));
}

TEST_CASE("invalid UTF-8 in a name does no harm") {
  for (std::string const name : {"\xFF\xFE", "Ti\xC3", "a\xED\xA0\x80z", "\xF8\x88\x80\x80\x80"}) {
    CHECK(is_slug(slugify(name).slug));
  }
}
