// SPDX-License-Identifier: MIT
#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "events/events.hpp"
#include "events/tables/events.hpp"
#include "events/tables/images.hpp"
#include "unit/catalog/catalog_fixture.hpp"

using namespace vinny;

namespace {

boost::json::object totals_of(database& db) {
  boost::json::object out;
  events_system.count(db, out);
  return out;
}

}  // namespace

TEST_CASE("totals count what there is") {
  memory_catalog c;
  auto one = test_event("liv", "2027-06-12", "Dom Dolla");
  one.performers.push_back("Support");
  one.images = {"https://example.org/a.jpg"};
  replace_sightings(c.db, page_id(c.db, "/a"), {test_venue("liv", "LIV")}, {one}, test_today, "t");
  refer_images(c.db, {"liv", "dom-dolla"}, test_today, {{"main", 500}}, same_url);
  auto all = totals_of(c.db);
  CHECK(all.at("events") == 1);
  CHECK(all.at("artists") == 2);
  CHECK(all.at("images") == 0);
  CHECK(all.at("objects") == 0);
  image_made(
      c.db, 1, {},
      {{.id = {"liv", "dom-dolla", "main"}, .sha256 = "s", .width = 1, .height = 1, .bytes = 1}});
  CHECK(totals_of(c.db).at("images") == 1);
}
