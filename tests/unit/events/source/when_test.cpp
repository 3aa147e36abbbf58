// SPDX-License-Identifier: MIT
#include "events/source/when.hpp"

#include <catch2/catch.hpp>

using namespace vinny;

namespace {

constexpr auto zone = "America/Los_Angeles";

/// "2027-06-12" for a date only, else RFC 3339 in the zone of Las Vegas; "" when unreadable.
std::string laid(std::string_view text) {
  auto const w = parse_when(text);
  if (!w) return {};
  auto const m = to_moment(*w, zone);
  return m.time_of_day ? m.rfc3339 : to_date(m.day);
}

struct row {
  std::string_view text;
  std::string_view expected;
};

}  // namespace

TEST_CASE("Dates and times of event pages are laid into the venue's clock") {
  auto const rows = {
      row{"2027-06-12", "2027-06-12"},
      row{"20270612", "2027-06-12"},
      row{"2027-06-12T22:30", "2027-06-12T22:30:00-07:00"},
      row{"2027-06-12T22:30:00", "2027-06-12T22:30:00-07:00"},
      row{"2027-06-12 22:30", "2027-06-12T22:30:00-07:00"},
      row{"2027-06-12T22:30:00-07:00", "2027-06-12T22:30:00-07:00"},
      row{"2027-06-12T22:30:00 -07:00", "2027-06-12T22:30:00-07:00"},
      row{"2027-06-13T05:30:00Z", "2027-06-12T22:30:00-07:00"},
      row{"2027-06-13T05:30:00.000Z", "2027-06-12T22:30:00-07:00"},
      row{"2027-06-13T05:30:00+0000", "2027-06-12T22:30:00-07:00"},
      row{"2027-06-13T01:30-04:00", "2027-06-12T22:30:00-07:00"},
      row{"20270612T223000Z", "2027-06-12T15:30:00-07:00"},
      row{"2027-06-12T22:30:00/2027-06-13T04:00:00", "2027-06-12T22:30:00-07:00"},
      row{"2027-06-12T00:00:00", "2027-06-12T00:00:00-07:00"},
      row{"2027-06-12T24:00:00", "2027-06-13T00:00:00-07:00"},
      row{"2027-06-12 10:30 PM", "2027-06-12T22:30:00-07:00"},
      row{"2027-01-12T22:30", "2027-01-12T22:30:00-08:00"},
      row{"June 12, 2027", "2027-06-12"},
      row{"Jun 12 2027 10:30 PM", "2027-06-12T22:30:00-07:00"},
      row{"Saturday, June 12, 2027 10:30 pm", "2027-06-12T22:30:00-07:00"},
      row{"Sat, Jun 12th 2027 @ 10pm", "2027-06-12T22:00:00-07:00"},
      row{"Sat. Sept. 11, 2027 at 9:00 a.m.", "2027-09-11T09:00:00-07:00"},
      row{"12 June 2027", "2027-06-12"},
      row{"Sat, 12 Jun 2027 22:30:00 GMT", "2027-06-12T15:30:00-07:00"},
      row{"Sat, 12 Jun 2027 22:30:00 -0700", "2027-06-12T22:30:00-07:00"},
      row{"Sat Jun 12 2027 22:30:00 GMT-0700 (Pacific Daylight Time)", "2027-06-12T22:30:00-07:00"},
      row{"06/12/2027", "2027-06-12"},
      row{"6/12/2027 10:30 PM", "2027-06-12T22:30:00-07:00"},
      row{"June 12, 2027 10:30 PM PDT", "2027-06-12T22:30:00-07:00"},
      row{"June 12, 2027 10:30 PM - 4:00 AM", "2027-06-12T22:30:00-07:00"},
      row{"June 12, 2027 10:30 PM-12:00 AM", "2027-06-12T22:30:00-07:00"},
      row{"June 12, 2027 22:30-04:00", "2027-06-12T22:30:00-07:00"},
      row{"June 12, 2027 12:15 AM", "2027-06-12T00:15:00-07:00"},
      row{"June 12, 2027 12:15 PM", "2027-06-12T12:15:00-07:00"},
      row{"June\xC2\xA0"
          "12, 2027 \xE2\x80\x93 10:30\xE2\x80\xAFPM",
          "2027-06-12T22:30:00-07:00"},
  };
  for (auto const& r : rows) {
    CAPTURE(r.text);
    CHECK(laid(r.text) == r.expected);
  }
}

TEST_CASE("Daylight saving skips and repeats hours") {
  // In 2027 the clocks change on March 14 and November 7.
  auto const skipped = parse_when("2027-03-14T02:30:00");
  REQUIRE(skipped);
  CHECK(to_moment(*skipped, zone).rfc3339 == "2027-03-14T03:30:00-07:00");
  CHECK(laid("2027-11-07T01:30:00") == "2027-11-07T01:30:00-07:00");
  CHECK(laid("2027-11-07T01:30:00-08:00") == "2027-11-07T01:30:00-08:00");
}

TEST_CASE("What does not name a day is no date") {
  for (auto const* text : {"", "next friday", "Friday", "June 12", "12", "2027", "2027-06",
                           "2027-02-30", "2027-13-01", "2027-06-12T", "2027-06-12T25:00",
                           "2027-06-12T22:30:00 or later", "13/40/2027", "June 12, 27", "TBA 2027",
                           "2027-06-12Tnoon", "0001-01-01", "Doors 10 PM", "June 12, 2027 Kygo"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_when(text));
  }
}

TEST_CASE("A time of day alone is read only when it is whole") {
  using namespace std::chrono_literals;
  CHECK(parse_time_of_day("10:30 PM") == std::optional<std::chrono::seconds>{22h + 30min});
  CHECK(parse_time_of_day("11am - 6pm") == std::optional<std::chrono::seconds>{11h});
  CHECK_FALSE(parse_time_of_day("10"));
  CHECK_FALSE(parse_time_of_day("late"));
  CHECK_FALSE(parse_time_of_day("24:00"));
}
