// SPDX-License-Identifier: MIT
#include "model/run_line.hpp"

#include <catch2/catch.hpp>

using namespace vinny;

TEST_CASE("every kind of run is told by what it counts") {
  run_counts counts;
  counts.pages_found = 9;
  counts.pages_read = 8;
  counts.pages_failed = 1;
  counts.images_fetched = 4;
  counts.list_rows = 70;
  counts.specimens_fetched = 30;
  counts.captures_found = 40;
  counts.thumbnails_lost = 50;
  counts.library_rows = 60;
  counts.library_named = 61;
  counts.scanned = 62;
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
