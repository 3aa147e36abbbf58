// SPDX-License-Identifier: MIT
#include "captures/routes/form_upload.hpp"

#include <catch2/catch.hpp>

using namespace vinny;

namespace {

constexpr std::string_view curl_type =
    "multipart/form-data; boundary=------------------------d74496d66958873e";

std::string form(std::string_view between) {
  auto const line = std::string{"--------------------------d74496d66958873e"};
  std::string out;
  for (std::size_t at = 0; at < between.size();) {
    auto const end = std::min(between.find('|', at), between.size());
    out += line + "\r\n" + std::string{between.substr(at, end - at)} + "\r\n";
    at = end + 1;
  }
  return out + line + "--\r\n";
}

constexpr std::string_view file_head =
    "Content-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\n"
    "Content-Type: image/jpeg\r\n\r\n";

}  // namespace

TEST_CASE("what is a form is told by its type") {
  CHECK(is_form("multipart/form-data; boundary=x"));
  CHECK(is_form("Multipart/Form-Data;boundary=x"));
  CHECK_FALSE(is_form("multipart/form-data-2"));
  CHECK_FALSE(is_form("image/jpeg"));
  CHECK_FALSE(is_form(""));
}

TEST_CASE("the picture of a form is its part with a file name, to the byte") {
  std::string const picture = "\xff\xd8\r\n--not the boundary\r\n\r\n\0--", more(3, '\0');
  auto const body = form(std::string{file_head} + picture + more);
  auto const read = read_form(curl_type, body);
  REQUIRE(read);
  CHECK(read->file == picture + more);
  CHECK_FALSE(read->collection);
}

TEST_CASE("a field may name the collection, in front of the file or behind") {
  std::string const field = "Content-Disposition: form-data; name=\"collection\"\r\n\r\nmoths";
  for (auto const& text : {field + '|' + std::string{file_head} + "JPEG",
                           std::string{file_head} + "JPEG" + '|' + field}) {
    auto const body = form(text);
    auto const read = read_form(curl_type, body);
    REQUIRE(read);
    CHECK(read->file == "JPEG");
    CHECK(read->collection == "moths");
  }
}

TEST_CASE("names are read as browsers and curl write them") {
  auto const disposition = GENERATE(
      as<std::string>{}, R"(form-data; name="x"; filename="a;b=c.jpg")",
      R"(form-data; filename="a\"b.jpg"; name="x")",
      R"(form-data; name="x"; filename="C:\dir\a.jpg")", R"(form-data;name=x;filename=a.jpg)",
      R"(form-data; name="x"; filename*=UTF-8''a.jpg)", R"(form-data; name="file")");
  auto const body = form("content-disposition: " + disposition + "\r\n\r\nJPEG");
  auto const read = read_form(curl_type, body);
  REQUIRE(read);
  CHECK(read->file == "JPEG");
}

TEST_CASE("a boundary in quotes, a preamble, an epilogue, blanks behind the boundary") {
  std::string const body =
      "this is not read\r\n--a b \t\r\n" + std::string{file_head} + "JPEG\r\n--a b--\r\nnor this";
  auto const read = read_form("multipart/form-data; charset=utf-8; boundary=\"a b\"", body);
  REQUIRE(read);
  CHECK(read->file == "JPEG");
}

TEST_CASE("a form that cannot be taken says why") {
  auto const [type, body, why] = GENERATE(table<std::string, std::string, std::string>({
      {"multipart/form-data", form("x"), "no boundary"},
      {"multipart/form-data; boundary=" + std::string(71, 'x'), form("x"), "no boundary"},
      {std::string{curl_type}, "", "does not hold its boundary"},
      {std::string{curl_type}, "--other--\r\n", "does not hold its boundary"},
      {std::string{curl_type}, form(""), "no file"},
      {std::string{curl_type}, form("Content-Disposition: form-data; name=\"a\"\r\n\r\n1"),
       "no file"},
      {std::string{curl_type}, form("no head"), "no end"},
      {std::string{curl_type}, form(std::string{file_head} + "1|" + std::string{file_head} + "2"),
       "more than one file"},
      {std::string{curl_type},
       form("Content-Transfer-Encoding: base64\r\n" + std::string{file_head} + "SlBFRw=="),
       "encoded"},
      {std::string{curl_type}, form("X: " + std::string(9000, 'x') + "\r\n\r\n1"), "no end"},
  }));
  auto const read = read_form(type, body);
  REQUIRE_FALSE(read);
  INFO(read.error());
  CHECK(read.error().contains(why));
}

TEST_CASE("a form that is cut off anywhere is refused") {
  auto const whole = form(std::string{file_head} + "JPEG");
  for (std::size_t size = 0; size + 4 < whole.size(); ++size) {
    INFO(size);
    CHECK_FALSE(read_form(curl_type, std::string_view{whole}.substr(0, size)));
  }
}

TEST_CASE("a form of more parts than anybody needs is refused") {
  std::string parts;
  for (int i = 0; i < 20; ++i) parts += "A: b\r\n\r\n1|";
  CHECK_FALSE(read_form(curl_type, form(parts)));
}
