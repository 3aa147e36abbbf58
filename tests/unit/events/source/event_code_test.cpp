// SPDX-License-Identifier: MIT
#include "events/source/event_code.hpp"

#include <catch2/catch.hpp>

using namespace vinny;

TEST_CASE("An event code is found in paths, queries and class names, with its date") {
  struct row {
    std::string_view text;
    std::string_view code;
    std::string_view date;
  };
  auto const rows = {
      row{"https://x.org/event/EVE121488100020260627/dom-dolla/", "EVE121488100020260627",
          "2026-06-27"},
      row{"/microsite/a/event/1/2/fridays?eventcode=EVE149564700020260724", "EVE149564700020260724",
          "2026-07-24"},
      row{"https://x.org/event/eve121488100020260627/", "EVE121488100020260627", "2026-06-27"},
      row{"eventitem uv-EVE121488100020260627 odd", "EVE121488100020260627", "2026-06-27"},
      row{"https://x.org/event/EVE-SUP7FH/supper/", "EVE-SUP7FH", ""},
      row{"/?a=b&eventcode=EVE-sup7fh", "EVE-SUP7FH", ""},
      row{"https://x.org/event/EVE121488100020261340/", "EVE121488100020261340", ""},
  };
  for (auto const& r : rows) {
    CAPTURE(r.text);
    auto const found = find_event_code(r.text);
    REQUIRE(found);
    CHECK(found->code == r.code);
    CHECK((found->date ? to_date(*found->date) : "") == r.date);
  }
}

TEST_CASE("Words that begin like an event code are none") {
  for (auto const* text :
       {"", "EVE", "https://x.org/EVENTS/all", "https://x.org/event/eve-of-destruction/",
        "https://x.org/event/EVE-OF-DESTRUCTION/", "https://x.org/steve12345678/",
        "https://x.org/event/everything/"}) {
    CAPTURE(text);
    CHECK_FALSE(find_event_code(text));
  }
}
