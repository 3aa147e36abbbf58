// SPDX-License-Identifier: MIT
#include "core/time.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace vinny;
using namespace std::chrono_literals;

namespace {

constexpr auto las_vegas = "America/Los_Angeles";

instant at(std::string_view text) {
  auto const out = from_rfc3339(text);
  INFO(text);
  REQUIRE(out);
  return *out;
}
year_month_day day(std::string_view text) {
  auto const out = from_date(text);
  INFO(text);
  REQUIRE(out);
  return *out;
}

}  // namespace

TEST_CASE("instants are written with milliseconds and read back") {
  for (std::string const text :
       {"1970-01-01T00:00:00.000Z", "2027-06-12T05:30:00.123Z", "1969-12-31T23:59:59.999Z",
        "2028-02-29T23:59:59.000Z", "9999-12-31T23:59:59.999Z"}) {
    CHECK(to_rfc3339(at(text)) == text);
  }
  auto const t = now();
  CHECK(at(to_rfc3339(t)) == t);
}

TEST_CASE("RFC 3339 is read with offsets and fractions") {
  struct row {
    char const* text;
    char const* utc;
  };
  auto const [text, utc] = GENERATE(values<row>({
      {"2027-06-12T05:30:00Z", "2027-06-12T05:30:00.000Z"},
      {"2027-06-12t05:30:00z", "2027-06-12T05:30:00.000Z"},
      {"2027-06-12 05:30:00Z", "2027-06-12T05:30:00.000Z"},
      {"2027-06-11T22:30:00-07:00", "2027-06-12T05:30:00.000Z"},
      {"2027-06-12T11:00:00+05:30", "2027-06-12T05:30:00.000Z"},
      {"2027-06-12T05:30:00.5Z", "2027-06-12T05:30:00.500Z"},
      {"2027-06-12T05:30:00.123456789Z", "2027-06-12T05:30:00.123Z"},
      {"2027-01-01T00:30:00+01:00", "2026-12-31T23:30:00.000Z"},
      {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"},
  }));
  CHECK(to_rfc3339(at(text)) == utc);
}

TEST_CASE("what is not RFC 3339 is not read") {
  for (char const* const text :
       {"", "2027-06-12", "2027-06-12T05:30:00", "2027-06-12T05:30Z", "2027-13-12T05:30:00Z",
        "2027-02-29T05:30:00Z", "2027-06-12T24:30:00Z", "2027-06-12T05:60:00Z",
        "2027-06-12T05:30:61Z", "2027-06-12T05:30:00+0700", "2027-06-12T05:30:00+07",
        "2027-06-12T05:30:00+24:00", "2027-06-12T05:30:00+07x00", "2027-06-12T05:30:00.Z",
        "2027-06-12X05:30:00Z", "2027-06-12T05:30:00Zjunk", "2027-06-12T05:30:00.5",
        "2027-06-12T-5:30:00Z", "+027-06-12T05:30:00Z"}) {
    CAPTURE(text);
    CHECK_FALSE(from_rfc3339(text));
  }
}

TEST_CASE("the three forms of an HTTP-date are one instant") {
  auto const expected = at("1994-11-06T08:49:37Z");
  CHECK(from_http_date("Sun, 06 Nov 1994 08:49:37 GMT") == expected);
  CHECK(from_http_date("Sunday, 06-Nov-94 08:49:37 GMT") == expected);
  CHECK(from_http_date("Sun Nov  6 08:49:37 1994") == expected);
  CHECK(to_http_date(expected) == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(to_http_date(at("2028-02-29T00:00:00.999Z")) == "Tue, 29 Feb 2028 00:00:00 GMT");
  CHECK(from_http_date("Friday, 12-Jun-27 00:00:00 GMT") == at("2027-06-12T00:00:00Z"));
}

TEST_CASE("a broken HTTP-date is not read") {
  for (char const* const text :
       {"", "soon", "Sun, 06 Nov 1994", "06 1994 08:49:37", "Sun, 31 Feb 2027 08:49:37 GMT",
        "Sun, 06 Nov 1994 25:00:00 GMT", "Sun, 00 Nov 1994 08:49:37 GMT", "Nov 08:49:37",
        "Sun, 99999999999999999999 Nov 1994", "99999999999999999999 x"}) {
    CAPTURE(text);
    CHECK_FALSE(from_http_date(text));
  }
}

TEST_CASE("dates are ten characters of a real day") {
  CHECK(to_date(day("2027-06-12")) == "2027-06-12");
  CHECK(to_date(day("2028-02-29")) == "2028-02-29");
  for (char const* const text : {"", "2027-6-12", "2027-02-29", "2027-00-10", "2027-10-00",
                                 "2027-06-31", "2027/06/12", "2027-06-12 ", "-027-06-12"}) {
    CAPTURE(text);
    CHECK_FALSE(from_date(text));
  }
}

TEST_CASE("zones are those of the IANA database") {
  CHECK(is_time_zone(las_vegas));
  CHECK(is_time_zone("Europe/Berlin"));
  CHECK(is_time_zone("UTC"));
  CHECK_FALSE(is_time_zone(""));
  CHECK_FALSE(is_time_zone("Mars/Olympus"));
  CHECK_FALSE(is_time_zone("../../etc/passwd"));
}

TEST_CASE("a wall-clock time gets the zone's offset of that day") {
  CHECK(at_local(day("2027-01-15"), 22h + 30min, las_vegas).rfc3339 == "2027-01-15T22:30:00-08:00");
  CHECK(at_local(day("2027-07-15"), 22h + 30min, las_vegas).rfc3339 == "2027-07-15T22:30:00-07:00");
  CHECK(at_local(day("2027-07-15"), 22h, "Asia/Kolkata").rfc3339 == "2027-07-15T22:00:00+05:30");
  CHECK(at_local(day("2027-07-15"), 22h, "UTC").rfc3339 == "2027-07-15T22:00:00+00:00");

  auto const date_only = at_local(day("2027-07-15"), std::nullopt, las_vegas);
  CHECK(date_only.day == day("2027-07-15"));
  CHECK_FALSE(date_only.time_of_day);
  CHECK(date_only.rfc3339.empty());
}

TEST_CASE("a time that daylight saving skips moves forward") {
  // 14 March 2027, 02:00 to 03:00 does not exist in Los Angeles.
  auto const skipped = at_local(day("2027-03-14"), 2h + 30min, las_vegas);
  CHECK(skipped.rfc3339 == "2027-03-14T03:30:00-07:00");
  CHECK(skipped.time_of_day == 3h + 30min);
  CHECK(at_local(day("2027-03-14"), 1h + 59min, las_vegas).rfc3339 == "2027-03-14T01:59:00-08:00");
  CHECK(at_local(day("2027-03-14"), 2h, las_vegas).rfc3339 == "2027-03-14T03:00:00-07:00");
  CHECK(at_local(day("2027-03-14"), 3h, las_vegas).rfc3339 == "2027-03-14T03:00:00-07:00");
}

TEST_CASE("a time that comes twice is the first") {
  // 7 November 2027, 01:00 to 02:00 comes twice in Los Angeles.
  CHECK(at_local(day("2027-11-07"), 1h + 30min, las_vegas).rfc3339 == "2027-11-07T01:30:00-07:00");
  CHECK(at_local(day("2027-11-07"), 2h, las_vegas).rfc3339 == "2027-11-07T02:00:00-08:00");
  CHECK(at_local(day("2027-11-07"), 0h + 59min, las_vegas).rfc3339 == "2027-11-07T00:59:00-07:00");
  // An instant is never ambiguous.
  CHECK(at_instant(at("2027-11-07T08:30:00Z"), las_vegas).rfc3339 == "2027-11-07T01:30:00-07:00");
  CHECK(at_instant(at("2027-11-07T09:30:00Z"), las_vegas).rfc3339 == "2027-11-07T01:30:00-08:00");
}

TEST_CASE("an instant falls on the day that the zone's calendar shows") {
  auto const t = at("2027-06-12T05:30:00Z");
  CHECK(at_instant(t, las_vegas).rfc3339 == "2027-06-11T22:30:00-07:00");
  CHECK(at_instant(t, las_vegas).day == day("2027-06-11"));
  CHECK(at_instant(t, las_vegas).time_of_day == 22h + 30min);
  CHECK(at_instant(t, "Asia/Tokyo").rfc3339 == "2027-06-12T14:30:00+09:00");
  CHECK(local_day(t, las_vegas) == day("2027-06-11"));
  CHECK(local_day(t, "Asia/Tokyo") == day("2027-06-12"));

  // Either side of the date line, 25 hours apart.
  auto const noon = at("2027-06-12T10:30:00Z");
  CHECK(at_instant(noon, "Pacific/Kiritimati").rfc3339 == "2027-06-13T00:30:00+14:00");
  CHECK(at_instant(noon, "Pacific/Pago_Pago").rfc3339 == "2027-06-11T23:30:00-11:00");
  CHECK(local_day(at("1969-12-31T23:30:00Z"), "UTC") == day("1969-12-31"));
}
