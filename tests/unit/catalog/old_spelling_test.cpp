// SPDX-License-Identifier: MIT
#include "catalog/old_spelling.hpp"

#include <catch2/catch.hpp>

#include "core/url.hpp"
#include "unit/catalog/catalog_fixture.hpp"

using namespace vinny;

TEST_CASE("how versions before 9 of the catalog spelled an address") {
  struct row {
    std::string now;
    std::string then;
  };
  auto const [now, then] = GENERATE(values<row>({
      {"http://h.example/a.jpg", "http://h.example/a.jpg"},
      {"http://h.example/a%2Fb.jpg", "http://h.example/a/b.jpg"},
      {"http://h.example/a%2Bb%40c%3Ad", "http://h.example/a+b@c:d"},
      {"http://h.example/a%3Fb%23c%25", "http://h.example/a%3Fb%23c%25"},
      {"http://h.example/?u=http%3A%2F%2Fx%3Fy%26z", "http://h.example/?u=http://x?y&z"},
      {"http://h.example/?a=%23%5B%5D%20", "http://h.example/?a=%23%5B%5D%20"},
      {"http://h.example/caf%C3%A9", "http://h.example/caf%C3%A9"},
      {"http://h.example/a%2F..%2Fb", "http://h.example/b"},
      {"http://h.example/a%2F.", "http://h.example/a/"},
      {"http://h.example/a?", "http://h.example/a"},
      {"http://h.example/a%", "http://h.example/a%"},
  }));
  CHECK(old_spelling(now) == then);
  // What is taken for an address here is one.
  auto const parsed = url::parse(now);
  REQUIRE(parsed);
}

TEST_CASE("an address is what an older catalog had under another spelling, once") {
  memory_catalog c;
  c.db.execute("INSERT INTO images (url, host, state) VALUES ('http://h/a/b', 'h', 'done')");
  c.db.execute("INSERT INTO images (url, host, state) VALUES ('http://h/a/c', 'h', 'rejected')");
  c.db.execute("INSERT INTO notes (name, value) VALUES ('old_spelling.images', 2)");
  c.db.execute("INSERT INTO images (url, host, state) VALUES ('http://h/a/d', 'h', 'done')");
  CHECK(last_old_spelling(c.db, "images") == 2);
  CHECK(last_old_spelling(c.db, "pages") == 0);

  auto billed = test_event("liv", "2027-06-12", "Dom Dolla");
  billed.images = {"http://h/a%2Fb", "http://h/a%2Fc", "http://h/a%2Fd"};
  replace_sightings(c.db, page_id(c.db, "/a"), {test_venue("liv", "LIV")}, {billed}, test_today,
                    "t");
  refer_images(c.db, {"liv", "dom-dolla"}, test_today, {{"main", 500}}, same_url);
  auto const state_of = [&](std::string const& url) {
    return c.db.text("SELECT state FROM images WHERE url = ?", url).value_or("none");
  };
  CHECK(state_of("http://h/a%2Fb") ==
        "pending");  // it is there, but not in the size that is wanted
  CHECK(c.db.number("SELECT id FROM images WHERE url = 'http://h/a%2Fb'") == 1);
  CHECK(state_of("http://h/a/b") == "none");
  CHECK(state_of("http://h/a/c") == "rejected");  // that was another address
  CHECK(state_of("http://h/a/d") == "done");      // made by this version: it means what it says
}
