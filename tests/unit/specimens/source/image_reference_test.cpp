// SPDX-License-Identifier: MIT
#include "specimens/source/image_reference.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace vinny;

namespace {
std::string const base = "https://iiif.rbge.org.uk/herb/iiif/E00699064";
}

TEST_CASE("requests for the whole of one IIIF image, and its manifest, are one photograph") {
  auto const end = GENERATE(
      "/manifest", "/manifest.json", "/MANIFEST", "/full/1600,/0/default.jpg",
      "/full/full/0/default.jpg", "/full/max/0/default.jpg", "/full/!1024,1024/!90/gray.png", "",
      // Image API 1.x, 2 and 3
      "/full/res:0/0/native.jpg", "/full/pct:50/0/grey.jpg", "/full/,600/0/native",
      "/full/^max/0/default.webp", "/full/^!800,800/22.5/bitonal.tif", "/full/800,600/0/color.JPG",
      "/full/max/0/default.jpg#page=1");
  CHECK(image_key(base + end) == base);
  CHECK(image_key("  " + base + end + " \n") == base);
}

TEST_CASE("what does not have the whole IIIF shape stays what it is") {
  auto const url = GENERATE_COPY(
      as<std::string>{}, base + "/manifest/", base + "/manifest?v=2", base + "/info.json",
      base + "/full/max/0/default.jpg?token=1", "https://a.org/p/01497227_l.jpg",
      "https://a.org/p/01497227_t.jpg", "https://a.org/i.jpg?width=300", "http://a.org/i.jpg",
      "https://a.org/i.jpg",
      // no region, no size, no rotation
      "https://a.org/photos/2023/05/12/default.jpg", "https://a.org/x/full/2023/05/default.jpg",
      "https://a.org/x/full/,/0/default.jpg", "https://a.org/x/full/max/a/default.jpg",
      "https://a.org/x/full/max/0/default.exe", "https://a.org/x/full/max/0/default",
      "https://a.org/x/full/max/0/best.jpg", "https://a.org/full/max/0/default.jpg",
      // a part of the image is another picture
      base + "/1,2,3,4/1600,/0/default.jpg", base + "/square/max/0/default.jpg",
      base + "/pct:10,10,80,80/max/0/default.jpg", "", "x", "/manifests");
  CHECK(image_key(url) == url);
}

TEST_CASE("one reader says what a reference is and how large") {
  struct row {
    std::string url;
    reference_kind kind;
    std::int64_t pixels;
  };
  auto const one = GENERATE_COPY(values<row>({
      {"https://a.org/i.jpg", reference_kind::file, 0},
      {"https://a.org/full/1600,/0/x.jpg", reference_kind::file, 0},
      {base + "/full/1600,/0/default.jpg", reference_kind::iiif, 1600},
      {base + "/full/,700/0/default.jpg", reference_kind::iiif, 700},
      {base + "/full/!1024,768/0/default.jpg", reference_kind::iiif, 1024},
      {base + "/full/max/0/default.jpg", reference_kind::iiif, whole_image},
      {base + "/full/full/0/native.jpg?x=1", reference_kind::iiif, whole_image},
      {base + "/full/pct:100/0/default.jpg", reference_kind::iiif, whole_image},
      {base + "/full/pct:25/0/default.jpg", reference_kind::iiif, 0},
      {base + "/full/res:2/0/native.jpg", reference_kind::iiif, whole_image / 4},
      {base + "/manifest", reference_kind::manifest, manifest_pixels},
      {base + "/manifest/", reference_kind::manifest, manifest_pixels},
      {base + "/manifest.json?v=2", reference_kind::manifest, manifest_pixels},
      {"https://a.org/objects/17.json", reference_kind::manifest, manifest_pixels},
      {base + "/info.json", reference_kind::info, whole_image},
  }));
  INFO(one.url);
  auto const read = read_reference(one.url);
  CHECK(read.kind == one.kind);
  CHECK(read.pixels == one.pixels);
}

TEST_CASE("more pixels come first, and of two alike the one that is no manifest") {
  auto const better = [](std::string const& a, std::string const& b) {
    return better_candidate(read_reference(a), read_reference(b));
  };
  CHECK(better(base + "/full/max/0/default.jpg", base + "/full/1600,/0/default.jpg"));
  CHECK(better(base + "/full/1600,/0/default.jpg", base + "/manifest"));
  CHECK_FALSE(better(base + "/manifest", base + "/full/1600,/0/default.jpg"));
  CHECK(better(base + "/manifest", base + "/full/250,/0/default.jpg"));
  CHECK_FALSE(better("https://a.org/1.jpg", "https://a.org/2.jpg"));
}

TEST_CASE("the host is what stands between the scheme and the path") {
  CHECK(host_in("https://A.org/x") == "A.org");
  CHECK(host_in("http://u:p@a.org:8080/x@y") == "a.org");
  CHECK(host_in("https://[::1]:80/") == "::1");
  CHECK(host_in("https://a.org?x") == "a.org");
  CHECK(host_in("http:/a.org/x") == "a.org");
  CHECK(host_in("http:a.org/x") == "a.org");
  CHECK(host_in("https://").empty());
  CHECK(host_in("urn:x").empty());
}
