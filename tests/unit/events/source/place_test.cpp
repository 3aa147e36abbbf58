// SPDX-License-Identifier: MIT
#include "unit/events/page_fixture.hpp"

using namespace vinny;
using namespace vinny::page_fixture;

namespace {

std::string at(std::string_view location) {
  return json_ld(R"({"@type":"Event","name":"Kygo","startDate":"2027-06-12","location":)" +
                 std::string{location} + "}");
}

/// The tag of the venue, "elsewhere", or what went wrong.
std::string tag_of(page_reading const& reading) {
  if (reading.events.size() == 1) return reading.events.front().venue_tag;
  return reading.elsewhere == 1 && reading.events.empty() ? "elsewhere" : "wrong";
}

struct row {
  std::string location;
  std::string_view tag;
};

}  // namespace

TEST_CASE("LIV and LIV Beach are told apart by the location") {
  for (
      auto const& r : {
          row{R"({"@type":"Place","name":"LIV Las Vegas"})", "liv"},
          row{R"({"name":"LIV"})", "liv"},
          row{R"("LIV Nightclub")", "liv"},
          row{R"({"name":"LIV Beach"})", "livb"},
          row{R"({"name":"LIV Beach at Fontainebleau Las Vegas"})", "livb"},
          row{R"({"name":"LIV at Fontainebleau"})", "liv"},
          row{R"([{"@type":"VirtualLocation","url":"https://x"},{"@type":"Place","name":"LIV Beach"}])",
              "livb"},
          row{R"({"name":"LIV Miami"})", "elsewhere"},
          row{R"({"name":"LIV","address":{"addressLocality":"Miami Beach","addressRegion":"FL"}})",
              "elsewhere"},
          row{R"({"name":"Delivery Room"})", "elsewhere"},
      }) {
    CAPTURE(r.location);
    CHECK(tag_of(read(at(r.location), {livb, liv})) == r.tag);
  }
}

TEST_CASE("XS and the two names of Encore Beach Club are told apart by the location") {
  for (auto const& r : {
           row{R"({"name":"XS Nightclub"})", "xs"},
           row{R"({"name":"XS, Wynn Las Vegas"})", "xs"},
           row{R"({"name":"Encore Beach Club"})", "ebc"},
           row{R"({"name":"Encore Beach Club at Night"})", "ebcn"},
           row{R"({"name":"Encore Beach Club at Night, Las Vegas"})", "ebcn"},
           row{R"({"name":"Encore Beach Club Las Vegas"})", "ebc"},
           row{R"({"name":"Wynn Field Club"})", "elsewhere"},
       }) {
    CAPTURE(r.location);
    CHECK(tag_of(read(at(r.location), {ebc, ebcn, xs})) == r.tag);
  }
}

TEST_CASE("On the domain of XS a page without a location is found by its text, or elsewhere") {
  auto const page = [](std::string_view title, std::string_view body) {
    return "<html><head><title>" + std::string{title} +
           R"(</title><script type="application/ld+json">
           {"@type":"Event","name":"Kygo","startDate":"2027-06-12"}</script></head><body>)" +
           std::string{body} + "</body></html>";
  };
  std::vector<venue> const wynn{xs, ebc, ebcn};
  CHECK(tag_of(read(page("Kygo", "<p>Tonight at Encore Beach Club!</p>"), wynn)) == "ebc");
  CHECK(tag_of(read(page("Kygo", "<div>Encore <b>Beach</b> Club at night</div>"), wynn)) == "ebcn");
  CHECK(tag_of(read(page("Kygo at XS", "<p>Also: Encore Beach Club</p>"), wynn)) == "xs");
  CHECK(tag_of(read(page("Kygo", "<h1>Kygo | XS Nightclub</h1>"), wynn)) == "xs");
  CHECK(tag_of(read(page("Kygo", "<p>XS Nightclub</p>"), wynn)) == "elsewhere");
  CHECK(tag_of(read(page("Kygo", "<footer>Encore Beach Club</footer>"), wynn)) == "elsewhere");
  CHECK(tag_of(read(page("Kygo", "Nothing"), wynn)) == "elsewhere");
  CHECK(tag_of(read(page("Kygo", "Nothing"), {xs})) == "xs");
  CHECK(tag_of(read(page("Kygo", "Nothing"), {house, liv})) == "liv");
}

TEST_CASE("The TAO site's other towns are elsewhere") {
  for (auto const& r : {
           row{R"({"name":"Omnia Nightclub","address":{"addressLocality":"Las Vegas"}})", "omnia"},
           row{R"({"name":"Omnia Las Vegas"})", "omnia"},
           row{R"({"name":"Omnia Nightclub","address":{"addressLocality":"San Diego"}})",
               "elsewhere"},
           row{R"({"name":"Omnia Dayclub","address":"4455 Paradise Rd, Las Vegas, NV 89169"})",
               "omnia-dayclub"},
           row{R"({"name":"Omnia Dayclub","address":"1 Main St, Los Cabos, CA 92101"})",
               "elsewhere"},
           row{R"({"name":"Marquee New York"})", "elsewhere"},
       }) {
    CAPTURE(r.location);
    CHECK(tag_of(read(at(r.location), {omnia, omnia_day})) == r.tag);
  }
}

TEST_CASE("The site of one house may name its rooms, a site of several may not") {
  CHECK(tag_of(read(at(R"({"name":"Main Room"})"), {house})) == "house");
  CHECK(tag_of(read(at(R"({"@type":"VirtualLocation","url":"https://x"})"), {house})) == "house");
  CHECK(tag_of(read(at(R"({"name":"Main Room"})"), {liv})) == "elsewhere");
  auto annex = house;
  annex.tag = "annex";
  annex.name = "The Annex";
  CHECK(tag_of(read(at(R"({"name":"Main Room"})"), {house, annex})) == "elsewhere");
  CHECK(tag_of(read(at(R"({"name":"Th\u00e9 Annex"})"), {house, annex})) == "annex");
}

TEST_CASE("Events elsewhere are counted even when they cannot be read") {
  auto const reading = read(
      json_ld(
          R"({"@type":"Event","name":"Kygo","startDate":"soon","location":"Marquee New York"})"),
      {omnia});
  CHECK(reading.elsewhere == 1);
  CHECK(reading.problems.empty());
}

TEST_CASE("An event code that carries a known house's number places what nothing else does") {
  auto const page = [](std::string_view code) {
    return "<td class='uvtddate-2027-06-12'><a class='flyer' href='/event/" + std::string{code} +
           "/x/'><b class='name'>Kygo</b></a></td>";
  };
  auto const table = [&](std::string_view code) { return "<table><tr>" + page(code) + "</table>"; };
  std::string const calendar = "https://www.example.org/calendar/";
  CHECK(tag_of(read(table("EVE112156100020270612"), {liv, livb}, calendar)) == "liv");
  CHECK(tag_of(read(table("EVE121488100020270612"), {liv, livb}, calendar)) == "livb");
  CHECK(tag_of(read(table("EVE999999900020270612"), {liv, livb}, calendar)) == "elsewhere");
  CHECK(tag_of(read(table("EVE121488100020270612"), {xs, ebc}, calendar)) == "elsewhere");
}
