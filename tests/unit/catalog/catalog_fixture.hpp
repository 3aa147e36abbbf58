// SPDX-License-Identifier: MIT
//
// A catalog in memory, and short ways to say what is in it.
#pragma once

#include <catch2/catch.hpp>

#include <string>
#include <utility>
#include <vector>

#include "catalog/database.hpp"
#include "catalog/schema.hpp"
#include "events/tables/events.hpp"
#include "events/tables/images.hpp"
#include "events/tables/pages.hpp"

namespace vinny {

struct memory_catalog {
  database db{":memory:", database::mode::read_write};
  memory_catalog() { REQUIRE(migrate(db, ":memory:")); }
};

inline constexpr auto test_today = "2027-06-01";

inline venue test_venue(std::string tag, std::string name) {
  venue out;
  out.tag = std::move(tag);
  out.name = std::move(name);
  return out;
}

/// An event at 22:30 unless a time is given; with time "", a date only.
inline event test_event(std::string tag, std::string date, std::string performer,
                        std::string time = "22:30") {
  event out;
  out.venue_tag = std::move(tag);
  out.date = std::move(date);
  out.time = std::move(time);
  if (!out.time.empty()) out.starts_at = out.date + 'T' + out.time + ":00-07:00";
  out.title = performer;
  out.performers = {std::move(performer)};
  return out;
}

inline std::int64_t page_id(database& db, std::string const& url) {
  db.execute(
      "INSERT INTO pages (site, sitemap, url, host, lastmod, state) VALUES ('s', 's', ?, 'h', '', "
      "'done') ON CONFLICT DO NOTHING",
      url);
  return db.number("SELECT id FROM pages WHERE url = ?", url);
}

/// The keys of all events, in order.
inline std::vector<std::string> keys_of(database& db) {
  std::vector<std::string> out;
  for (auto const& one : all_events(db)) out.push_back(one.composite_key);
  return out;
}

inline std::vector<std::string> same_url(std::string const& url, std::uint32_t) {
  return {url};
}

}  // namespace vinny
