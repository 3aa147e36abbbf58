// SPDX-License-Identifier: MIT
#include "specimens/source/listed_rows.hpp"

#include <catch2/catch.hpp>

using namespace vinny;

TEST_CASE("a row names an image, or there is a reason why not") {
  struct given {
    std::string id;
    std::string url;
    std::string type;
    std::string reason;
  };
  auto const long_url = "https://a.org/" + std::string(5000, 'x');
  auto const one = GENERATE_COPY(values<given>({
      {"4294967297", "https://a.org/1.jpg", "", ""},
      {" 1 ", " HTTP://a.org/1.jpg ", "StillImage", ""},
      {"1", "https://a.org/a b.jpg", "Still Image", ""},
      {"1", "https://a.org/1", "photograph", ""},
      {"", "https://a.org/1.jpg", "", "no_gbif_id"},
      {"1e5", "https://a.org/1.jpg", "", "bad_gbif_id"},
      {"-1", "https://a.org/1.jpg", "", "bad_gbif_id"},
      {"0", "https://a.org/1.jpg", "", "bad_gbif_id"},
      {"99999999999999999999", "https://a.org/1.jpg", "", "bad_gbif_id"},
      {"70368744177664", "https://a.org/1.jpg", "", "bad_gbif_id"},
      {"1", " ", "", "no_url"},
      {"1", "urn:x", "", "bad_url"},
      {"1", "ftp://a.org/1", "", "bad_url"},
      {"1", "https:///1", "", "bad_url"},
      {"1", std::string{"https://a.org/\0x", 16}, "", "bad_url"},
      {"1", "https://a.org/\n2", "", "bad_url"},
      {"1", long_url, "", "url_too_long"},
      {"1", "https://a.org/1.mp3", "Sound", "not_a_still_image"},
      {"1", "https://a.org/1.mp4", "MovingImage", "not_a_still_image"},
  }));
  INFO(one.id << ' ' << one.url);
  table_row row;
  row.id = one.id;
  row.url = one.url;
  row.type = one.type;
  listed_row read;
  auto const* const reason = read_listed_row(row, read);
  CHECK((reason == nullptr ? "" : std::string{reason}) == one.reason);
  row.complete = false;
  CHECK(std::string{read_listed_row(row, read)} == "too_few_columns");
}
