// SPDX-License-Identifier: MIT
#include "specimens/source/manifest.hpp"

#include <catch2/catch.hpp>

#include "specimens/source/raw_image.hpp"
#include "specimens/source/specimen_failure.hpp"

using namespace vinny;

TEST_CASE("a manifest gives its first picture, by its service and by its own address") {
  auto const third = images_of_manifest(R"({"items":[{"items":[{"items":[{"body":{
    "id":"https://a.org/own.jpg","service":[{"id":"https://a.org/i/1","type":"ImageService3"}]}}]}]}]})");
  REQUIRE(third);
  CHECK(third->front() == "https://a.org/i/1/full/max/0/default.jpg");
  CHECK(third->back() == "https://a.org/own.jpg");
  auto const second = images_of_manifest(R"({"sequences":[{"canvases":[{"images":[{"resource":{
    "@id":"https://a.org/own.jpg","service":{"@id":"https://a.org/i/1/"}}}]}]}]})");
  REQUIRE(second);
  CHECK(second->front() == "https://a.org/i/1/full/full/0/default.jpg");
  auto const info = images_of_manifest(
      R"({"@context":"http://iiif.io/api/image/2/context.json","@id":"https://a.org/i/1",
          "protocol":"http://iiif.io/api/image","width":10})");
  REQUIRE(info);
  CHECK(info->size() == 4);
}

TEST_CASE("a document that shows no image is a failure") {
  for (std::string const text : {"", "{}", "[]", "null", "<html>", R"({"items":[]})",
                                 R"({"items":[{"items":[{"items":[{"body":{"id":"urn:x"}}]}]}]})",
                                 R"({"items":[{"items":[{"items":[{"body":[]}]}]}]})"}) {
    INFO(text);
    CHECK_FALSE(images_of_manifest(text));
  }
  CHECK_FALSE(images_of_manifest(std::string(100'000, '[')));
}

TEST_CASE("bytes that are an image by name or type are kept; pages are not") {
  using namespace std::string_literals;
  auto const tiff = "II*\0..."s;
  CHECK(raw_extension(tiff, "image/tiff", "/x") == "tif");
  CHECK(raw_extension(tiff, "application/octet-stream", "/a/b.DNG") == "dng");
  CHECK(raw_extension(tiff, "image/x-adobe-dng", "/x") == "dng");
  CHECK(raw_extension(tiff, "image/x-new", "/x.y/z") == "raw");
  CHECK(raw_extension(tiff, "application/octet-stream", "/x") == "tif");
  CHECK(raw_extension(tiff, "", "/x") == "tif");
  CHECK(raw_extension(tiff, "image/jpeg", "/x.jpg") == "tif");
  CHECK_FALSE(raw_extension(tiff, "text/html; charset=x", "/x.dng"));
  CHECK_FALSE(raw_extension("  \n<!DOCTYPE html>", "image/jpeg", "/x.dng"));
  CHECK_FALSE(raw_extension("{\"error\":1}", "image/tiff", "/x.tif"));
  CHECK(page_text("<b>a</b><SCRIPT>x</script>&amp;<style>") == "a &");
}

TEST_CASE("4.2, 7 and 8: failures have the names of the reports") {
  auto const type = [](errc code, int status = 0) {
    failure why{code};
    why.http_status = status;
    return failure_type(why);
  };
  CHECK(type(errc::http_too_many_requests, 429) == "rate_limited");
  CHECK(type(errc::first_byte_timeout) == "timeout");
  CHECK(type(errc::http_request_timeout, 408) == "timeout");
  CHECK(type(errc::http_server_error, 502) == "server_error");
  CHECK(type(errc::http_gone, 410) == "http_410");
  CHECK(type(errc::http_unexpected, 206) == "http_206");
  CHECK(type(errc::connection_lost) == "connection_broken");
  CHECK(type(errc::short_body) == "truncated");
  CHECK(type(errc::bad_manifest) == "manifest_error");
  CHECK(type(errc::bad_encoding) == "bad_encoding");
  CHECK(type(errc::redirect_broken) == "redirect_broken");
  CHECK(type(errc::bad_url) == "no_url");
  CHECK(type(errc::not_an_image) == "not_an_image");
}

TEST_CASE("what is something else is no raw image, whatever it is called") {
  std::string const damaged = "\1\2\3\4 JFIF" + std::string(2000, '\x9c');
  auto const bytes = GENERATE_COPY(
      as<std::string>{}, "ERROR 1234: session limit exceeded, " + std::string(1800, '.'),
      std::string(4096, '\0'), "%PDF-1.7\n" + std::string(1000, '\xe2'),
      "\x7f" + std::string{"ELF"} + std::string(1000, '\2'), "PK\3\4" + std::string(1000, '\2'),
      "\x1f\x8b" + std::string(1000, '\2'), std::string(3000, ' ') + "<html>",
      std::string{"\xff\xfe<\0h\0", 6} + std::string(1000, '\2'));
  CHECK_FALSE(raw_extension(bytes, "image/x-canon-cr2", "/x.CR2"));
  CHECK_FALSE(raw_extension(bytes, "image/jpeg", "/x.jpg"));
  CHECK_FALSE(raw_extension(damaged, "image/jpeg", "/x.jpg"));
  CHECK(raw_extension(damaged, "image/x-canon-cr2", "/x.CR2") == "cr2");
}
