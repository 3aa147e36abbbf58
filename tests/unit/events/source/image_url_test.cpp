// SPDX-License-Identifier: MIT
#include "events/source/image_url.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <string>

using namespace vinny;

namespace {

using list = std::vector<std::string>;

list candidates(std::string_view text, std::uint32_t pixels) {
  return image_candidates(url::parse(text).value(), pixels);
}

}  // namespace

TEST_CASE("Each URL form asks its host for the wanted size, then for the largest it may have") {
  struct row {
    std::string_view form;
    std::string given;
    std::string before;
    std::array<std::string, 4> sizes;  // 1500 1000 750 500
    std::string after;
  };
  auto const rows = {
      row{"vea",
          "https://img.vea-cdn.com/img/artists/a87c1de/dj-name_250.jpg",
          "https://img.vea-cdn.com/img/artists/a87c1de/dj-name_",
          {"1500", "1000", "750", "500"},
          ".jpg"},
      row{"vegasevents",
          "http://cdn.vegaseventsapi.com/images/dj-name/250.jpg",
          "http://cdn.vegaseventsapi.com/images/dj-name/",
          {"1500", "1000", "750", "500"},
          ".jpg"},
      row{"vegasevents",
          "https://cdn.vegaseventsapi.com/images/dj-name/small.jpg",
          "https://cdn.vegaseventsapi.com/images/dj-name/",
          {"hd", "large", "medium", "main"},
          ".jpg"},
      row{"imateq",
          "https://venueeventartist.com/imateq/event/512/1495647/409/300SC0/99.jpeg?v=2",
          "https://venueeventartist.com/imateq/event/512/1495647/409/",
          {"1500SC0", "1000SC0", "750SC0", "500SC0"},
          "/99.jpeg?v=2"},
  };
  for (auto const& r : rows) {
    CAPTURE(r.given);
    auto const at = [&](std::size_t i) { return r.before + r.sizes[i] + r.after; };
    CHECK(parse_image_url(url::parse(r.given).value()).form == r.form);
    CHECK(candidates(r.given, 500) == list{at(3), at(0), at(1), at(2), r.given});
    CHECK(candidates(r.given, 1500) == list{at(0), at(1), at(2), at(3), r.given});
  }
}

TEST_CASE("A URL's own size takes its place among the sizes to fall back to") {
  std::string const before = "https://img.vea-cdn.com/img/artists/a/dj_";
  auto const sized = [&](int pixels) { return before + std::to_string(pixels) + ".jpg"; };
  CHECK(candidates(sized(2000), 1500) ==
        list{sized(1500), sized(2000), sized(1000), sized(750), sized(500)});
  CHECK(candidates(sized(800), 500) ==
        list{sized(500), sized(1500), sized(1000), sized(800), sized(750)});
}

TEST_CASE("A host outside the table is asked for the URL as it is") {
  for (auto const* text : {"https://hakkasan.booketing.com/wp-content/uploads/dj-name_500.jpg",
                           "https://evilvea-cdn.com/img/artists/a87c1de/dj-name_500.jpg",
                           "https://vea-cdn.com.evil.org/img/artists/a87c1de/dj-name_500.jpg",
                           "https://img.vea-cdn.com/img/artists/a87c1de/dj-name.jpg",
                           "https://cdn.vegaseventsapi.com/images/dj-name/portrait.jpg",
                           "https://venueeventartist.com/about/500SC0/99.jpeg",
                           "https://venueeventartist.com/imateq/event/99999999SC0/99.jpeg"}) {
    CAPTURE(text);
    CHECK(parse_image_url(url::parse(text).value()).form == "direct");
    CHECK(candidates(text, 500) == list{text});
  }
}

TEST_CASE("The size in a URL is told") {
  auto const size = [](std::string_view text) {
    return parse_image_url(url::parse(text).value()).pixels;
  };
  CHECK(size("https://img.vea-cdn.com/img/artists/a/dj_750.jpg") == 750);
  CHECK(size("https://venueeventartist.com/imateq/artist/1/1/500SC0/a.jpg") == 500);
  CHECK(size("https://cdn.vegaseventsapi.com/images/dj/hd.jpg") == 0);
}
