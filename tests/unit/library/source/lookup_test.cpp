// SPDX-License-Identifier: MIT
#include "library/source/lookup.hpp"

#include <catch2/catch.hpp>

using namespace vinny;
using namespace std::chrono_literals;

namespace {

instant const at{1'000'000'000s};
library_question const row{7, "The Artist", "An Album"};

response reply(int status, std::string body, header_list headers = {}) {
  return {.status = status, .headers = std::move(headers), .body = std::move(body)};
}

std::string document(std::string const& artwork,
                     std::string const& more = R"("search_type":"direct")") {
  return R"({"results":[{"library_item":{"id":1,"artist":"Artist","title":"AN ALBUM"},"artwork":)" +
         artwork + "}]," + more + "}";
}

std::string cover(std::string const& url) {
  return R"({"release_id":5,"release_url":"","album":"An Album","artwork_url":")" + url + R"("})";
}

errc error_of(response const& answer) {
  auto const got = read_lookup(answer, row, artwork_trust::strict, at);
  return got ? errc{} : got.error().code;
}

}  // namespace

TEST_CASE("the service's address has one end") {
  for (auto const* base : {"http://lml:8000", "http://lml:8000/", "http://lml:8000/api/v1",
                           "http://lml:8000/api/v1//", " http://lml:8000 "}) {
    CHECK(lookup_address(base)->str() == "http://lml:8000/api/v1/lookup");
  }
  CHECK(lookup_address("http://lml/sub/api/v1/")->str() == "http://lml/sub/api/v1/lookup");
  CHECK_FALSE(lookup_address(""));
  CHECK_FALSE(lookup_address("ftp://lml"));
}

TEST_CASE("a question has artist, album and both as one message") {
  CHECK(lookup_body({1, "A\"b", "C"}) ==
        R"({"artist":"A\"b","album":"C","raw_message":"A\"b - C"})");
  CHECK(lookup_body({1, "A", ""}) == R"({"artist":"A","raw_message":"A"})");
  CHECK(lookup_body({1, "\xFF", ""}) ==
        "{\"artist\":\"\xEF\xBF\xBD\",\"raw_message\":\"\xEF\xBF\xBD\"}");
}

TEST_CASE("a cover of this release is taken, anything else has a reason") {
  auto const got = read_lookup(reply(200, document(cover("https://i.example/1.jpg"))), row,
                               artwork_trust::strict, at);
  REQUIRE(got);
  CHECK(got->url == "https://i.example/1.jpg");
  struct refused {
    std::string body;
    std::string why;
  };
  auto const one = GENERATE(values<refused>({
      {R"({"results":[]})", "no result"},
      {R"({"results":[5]})", "no artwork"},
      {R"({"results":{}})", "no result"},
      {document("null"), "no artwork"},
      {document(R"({"artwork_url":null})"), "no artwork"},
      {document(cover("https://s.example/spacer.gif")), "a placeholder"},
      {document(cover("https://s.example/" + std::string(512, 'x'))), "too long an address"},
      {document(cover("file:///etc/passwd")), "no address"},
      {document(cover("https://i.example/1.jpg"), R"("search_type":"fallback")"),
       "not a direct match"},
      {document(cover("https://i.example/1.jpg"), R"("search_type":null)"), "not a direct match"},
      {document(R"({"release_id":0,"release_url":"","artwork_url":"https://i.example/1.jpg"})"),
       "not of a release"},
      {document(R"({"release_id":5,"album":"Other","artwork_url":"https://i.example/1.jpg"})"),
       "artwork of another album"},
  }));
  CAPTURE(one.body);
  auto const no = read_lookup(reply(200, one.body), row, artwork_trust::strict, at);
  REQUIRE(no);
  CHECK(no->url.empty());
  CHECK(no->why == one.why);
}

TEST_CASE("512 characters fit, whatever their bytes") {
  auto const url = "https://i.example/" + std::string(512 - 18, 'x');
  CHECK(read_lookup(reply(200, document(cover(url))), row, artwork_trust::strict, at)->url == url);
}

TEST_CASE("an empty answer that was cut short is none; one with artwork is") {
  CHECK(error_of(reply(200, R"({"results":[],"timeout":true})")) == errc::lookup_degraded);
  CHECK(error_of(reply(200, R"({"results":[],"timeout":null,"degraded":true,)"
                            R"("degraded_reason":"cache_only"})")) == errc::lookup_degraded);
  CHECK(error_of(reply(200, document(cover("https://i.example/1.jpg"),
                                     R"("search_type":"direct","degraded":true)"))) == errc{});
}

TEST_CASE("what is no answer has its own failure") {
  CHECK(error_of(reply(401, "")) == errc::lookup_credentials);
  CHECK(error_of(reply(403, "")) == errc::lookup_credentials);
  CHECK(error_of(reply(404, "")) == errc::config_invalid);
  CHECK(error_of(reply(405, "")) == errc::config_invalid);
  CHECK(error_of(reply(410, "")) == errc::http_gone);
  CHECK(error_of(reply(422, "")) == errc::http_unexpected);
  CHECK(error_of(reply(500, "")) == errc::http_server_error);
  CHECK(error_of(reply(200, "<html>")) == errc::bad_json);
  CHECK(error_of(reply(200, "{}")) == errc::bad_json);
  CHECK(error_of(reply(200, "[]")) == errc::bad_json);
  auto const later =
      read_lookup(reply(429, "", {{"Retry-After", "7"}}), row, artwork_trust::strict, at);
  REQUIRE_FALSE(later);
  CHECK(later.error().retry_at == at + 7s);
}
