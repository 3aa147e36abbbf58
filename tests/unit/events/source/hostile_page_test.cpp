// SPDX-License-Identifier: MIT
#include "events/markup/html.hpp"
#include "events/markup/lenient_json.hpp"
#include "unit/events/page_fixture.hpp"

using namespace vinny;
using namespace vinny::page_fixture;

namespace {

std::string repeat(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

std::string const kygo =
    R"(<script type="application/ld+json">{"@type":"Event","name":"Kygo","startDate":"2027-06-12"}</script>)";

}  // namespace

TEST_CASE("A page that nests without end is refused, whatever hides it") {
  for (auto const& page : {
           repeat("<div>", 2'000'000),
           repeat("<b x=1>", 5'000),
           "<!-->" + repeat("<div>", 5'000),
           "<!-- a --!>" + repeat("<div>", 5'000),
           "<svg><title>" + repeat("<div>", 5'000),
           "<svg><script>" + repeat("<div>", 5'000),
           "<script></scripts></script>" + repeat("<span></b>", 5'000),
           "<p title='" + repeat("<div>", 3) + "'>" + repeat("<i>", 5'000),
       }) {
    CAPTURE(page.substr(0, 40));
    auto const reading = read(kygo + page);
    CHECK(reading.events.empty());
    REQUIRE(reading.problems.size() == 1);
    CHECK(reading.problems.front().find("nests") != std::string::npos);
  }
}

TEST_CASE("Many elements, open paragraphs and cells are no nesting") {
  auto const page = kygo + repeat("<p>x<li>y<br>", 5'000) + "<table>" + repeat("<tr><td>", 2'000) +
                    "</table>" + repeat("<div></div>", 5'000) + "<script>" +
                    repeat("document.write('<div>');", 2'000) + "</script>";
  CHECK(read(page).events.size() == 1);
}

TEST_CASE("A tag with attributes without end is refused") {
  std::string tag = "<a";
  for (int i = 0; i < 5'000; ++i) tag += " a" + std::to_string(i);
  CHECK_FALSE(html_document::parse(tag + ">"));
}

TEST_CASE("Formatting elements that multiply cannot take all memory") {
  std::string page = "<p>";
  for (int i = 0; i < 800; ++i) page += "<b a" + std::to_string(i) + ">";
  page += repeat("</p><p>x", 20'000);
  CHECK_FALSE(html_document::parse(page));
}

TEST_CASE("NULs, broken UTF-8 and unterminated markup do not stop the reading") {
  for (auto const& page : {
           std::string("\0<p>\0</p>", 9) + kygo + "\xFF\xFE\xC3<p",
           kygo + "<script type=\"application/ld+json\">{\"@type\":\"WebSite\"",
           kygo + "<!-- never closed",
           kygo + "<div class=\"never closed",
           kygo + "<style>never closed",
       }) {
    CHECK(only(read(page)).title == "Kygo");
  }
  auto const broken = only(
      read(json_ld("{\"@type\":\"Event\",\"name\":\"Ky\xFFgo\",\"startDate\":\"2027-06-12\"}")));
  CHECK(broken.title == "Ky\xEF\xBF\xBDgo");
}

TEST_CASE("JSON deeper than allowed, too large or unfinished fails") {
  CHECK(parse_lenient_json(repeat("[", 32) + repeat("]", 32)));
  for (auto const& text : {repeat("[", 100'000), repeat("{\"a\":", 33) + "1" + repeat("}", 33),
                           std::string(max_json_bytes + 1, ' '), std::string{"{\"a\":\"b"},
                           std::string{"{\"a\":1"}, std::string{"no json"}, std::string{}}) {
    CAPTURE(text.substr(0, 40));
    CHECK_FALSE(parse_lenient_json(text));
  }
  auto const deep = read(json_ld(R"({"Event":"startDate","a":)" + repeat("[", 5'000)));
  CHECK(deep.problems.size() == 1);
}

TEST_CASE("Microdata that refers to itself ends") {
  auto const e = only(read(R"(
    <div id="a" itemscope itemtype="https://schema.org/Event" itemref="a b b">
      <span itemprop="name">Kygo</span><meta itemprop="startDate" content="2027-06-12">
      <div id="b" itemprop="subject" itemscope itemref="b a"></div></div>)"));
  CHECK(e.title == "Kygo");
}

TEST_CASE("Microdata items with many names that refer to each other stay small") {
  std::string page;
  for (int i = 0; i < 40; ++i) {
    page += "<div id=\"b" + std::to_string(i) + "\" itemscope itemprop=\"" + repeat("p q r ", 10) +
            "\" itemref=\"b1 b2 b3 b4 b5 b6\">";
  }
  CHECK(read(kygo + page).events.size() == 1);
}

TEST_CASE("Text knows words from markup") {
  auto const page = html_document::parse(
      "<div>Do<b>m</b> <i>Dolla</i><p>at</p>LIV<br>Beach<script>no</script><span>!</span></div>");
  REQUIRE(page);
  CHECK(page->root().text() == "Dom Dolla at LIV Beach !");
}

TEST_CASE("A broken block full of types is read in linear time") {
  CHECK(read(json_ld(repeat("{type:[", 500'000))).problems.empty());
  CHECK(read(json_ld(repeat("type:[", 500'000))).problems.empty());
  CHECK(read(json_ld(repeat("type:\"", 500'000))).problems.empty());
}

TEST_CASE("Control characters of a page are in none of its texts") {
  auto const e = only(read(json_ld(R"({"@type":"Event","name":"\u001b[31mKy\u0000go\u202e\u0007",
    "startDate":"2027-06-12","description":"\ufeffone\ttwo\u0085three\u009b four\u2066&#27;",
    "performer":["\u2067Dom\nDolla\u0080", "\u0007"],
    "url":"/event/EVE123456\u001b20270612",
    "offers":[{"@type":"Offer","name":"Main\u0000 Floor\u202c","price":100}]})")));
  CHECK(e.title == "[31mKygo");
  CHECK(e.description == "one two three four");
  CHECK(e.performers == std::vector<std::string>{"Dom Dolla"});
  REQUIRE(e.tiers.size() == 1);
  CHECK(e.tiers.front().name == "Main Floor");
  CHECK(e.external_id.find('\x1B') == std::string::npos);
  CHECK(e.url.find('\x1B') == std::string::npos);
  auto const problems =
      read(json_ld(R"({"@type":"Event","name":"a\u001bb","startDate":"\u001b[31m\u202e"})"))
          .problems;
  REQUIRE(problems.size() == 1);
  CHECK(problems.front() == "JSON-LD event 'ab': startDate '[31m' cannot be read");
}
