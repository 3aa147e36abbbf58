// SPDX-License-Identifier: MIT
#include "model/subsystem.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace vinny;

TEST_CASE("every kind of run is told by what it counts") {
  tally counts;
  counts.set("pages_found", 9);
  counts.set("pages_read", 8);
  counts.set("pages_failed", 1);
  counts.set("images_fetched", 4);
  counts.set("list_rows", 70);
  counts.set("specimens_fetched", 30);
  counts.set("captures_found", 40);
  counts.set("thumbnails_lost", 50);
  counts.set("library_rows", 60);
  counts.set("library_named", 61);
  counts.set("scanned", 62);
  struct row {
    std::string_view pipeline;
    std::string_view part;
  };
  auto const [pipeline, part] = GENERATE(values<row>({
      {"sync", "8/9 pages, 0 events, 4 images"},
      {"scrape", "8/9 pages"},
      {"specimens-ingest", "70 rows"},
      {"specimens-download", "30 images"},
      {"captures-sync", "40 captures"},
      {"verify", "50 lost"},
      {"library-import", "60 rows"},
      {"library-artist-names", "61 rows named"},
      {"library-backfill", "62 rows asked for"},
  }));
  auto const line = run_line(pipeline, counts);
  INFO(line);
  CHECK(line.contains(part));
  CHECK(line.ends_with(", 1 failed"));
}

TEST_CASE("what is lost, and what a later run does again") {
  tally counts;
  counts.set("pages_failed", 1);
  counts.set("lml_error", 2);
  counts.set("objects_lost", 7);  // found by looking, and repaired
  CHECK(counts.failed() == 3);
  CHECK(counts.lost() == 3);
  counts.set("deferred", 1);
  CHECK(counts.failed() == 3);
  CHECK(counts.lost() == 1);
}

TEST_CASE("the counters of all systems stand in one order, each name once") {
  std::vector<std::string_view> names;
  for (auto const& one : all_counters()) names.push_back(one.name);
  CHECK(names.front() == "pages_found");
  CHECK(names.back() == "deferred");
  std::ranges::sort(names);
  CHECK(std::ranges::adjacent_find(names) == names.end());
}
