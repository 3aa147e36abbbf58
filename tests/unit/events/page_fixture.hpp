// SPDX-License-Identifier: MIT
//
// Venues and a clock for tests that read pages.
#pragma once

#include <catch2/catch.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "events/source/read_page.hpp"

namespace vinny::page_fixture {

inline venue make_venue(std::string tag, std::string name, std::vector<std::string> aliases,
                        std::string extractor) {
  venue v;
  v.tag = std::move(tag);
  v.name = std::move(name);
  v.aliases = std::move(aliases);
  v.extractor = std::move(extractor);
  return v;
}

inline venue const liv = make_venue("liv", "LIV Las Vegas", {"LIV Nightclub"}, "liv");
inline venue const livb = make_venue("livb", "LIV Beach", {"LIV Beach Las Vegas"}, "liv");
inline venue const xs = make_venue("xs", "XS", {"XS Nightclub"}, "xs");
inline venue const ebc = make_venue("ebc", "Encore Beach Club", {}, "ebc");
inline venue const ebcn = make_venue("ebcn", "EBC at Night", {"Encore Beach Club at Night"}, "ebc");
inline venue const omnia = make_venue("omnia", "Omnia Nightclub", {}, "tao");
inline venue const omnia_day = make_venue("omnia-dayclub", "Omnia Dayclub", {}, "tao");
inline venue const house = make_venue("house", "The Velvet House", {}, "schema-org");

/// 2027-06-01T12:00Z: a day in June, in Las Vegas too.
inline instant today() {
  return *from_rfc3339("2027-06-01T12:00:00Z");
}

inline page_reading read(std::string_view html, std::vector<venue> const& venues = {house},
                         std::string_view page = "https://www.example.org/event/one/") {
  return read_page(html, url::parse(page).value(), venues, today(), "text/html; charset=utf-8");
}

inline std::string json_ld(std::string_view json) {
  return "<html><head><script type=\"application/ld+json\">" + std::string{json} +
         "</script></head><body></body></html>";
}

/// The only event; the test fails when there is another number of them.
inline event only(page_reading const& reading) {
  for (auto const& problem : reading.problems) UNSCOPED_INFO("problem: " << problem);
  for (auto const& e : reading.events) UNSCOPED_INFO("event: " << e.date << ' ' << e.title);
  INFO("past " << reading.past << ", elsewhere " << reading.elsewhere);
  REQUIRE(reading.events.size() == 1);
  return reading.events.front();
}

}  // namespace vinny::page_fixture
