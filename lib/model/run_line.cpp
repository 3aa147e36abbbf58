// SPDX-License-Identifier: MIT
#include "model/run_line.hpp"

#include <fmt/format.h>

namespace vinny {
namespace {

std::string words_of(std::string_view pipeline, run_counts const& n) {
  if (pipeline == "specimens-ingest") {
    return fmt::format("{} rows, {} images of {} specimens, {} rejected", n.list_rows,
                       n.list_images, n.list_gbif_ids, n.list_rejected);
  }
  if (pipeline == "specimens-download") {
    return fmt::format("{} images, {} were there", n.specimens_fetched, n.specimens_adopted);
  }
  if (pipeline == "captures-sync") {
    return fmt::format("{} captures, {} added, {} changed, {} removed", n.captures_found,
                       n.captures_added, n.captures_changed, n.captures_removed);
  }
  if (pipeline == "verify") {
    return fmt::format("{} objects, {} lost, {} thumbnails, {} lost",
                       n.objects_unchanged + n.objects_lost + n.objects_changed, n.objects_lost,
                       n.thumbnails_checked, n.thumbnails_lost);
  }
  if (pipeline == "library-import") {
    return fmt::format("{} rows, {} artists", n.library_rows, n.library_artists);
  }
  if (pipeline == "library-artist-names") return fmt::format("{} rows named", n.library_named);
  if (pipeline == "library-backfill") {
    return fmt::format("{} rows asked for, {} found, {} without", n.scanned, n.enriched_match,
                       n.enriched_no_match);
  }
  return fmt::format("{}/{} pages, {} events, {} images, {} objects, {} rows", n.pages_read,
                     n.pages_found, n.events, n.images_fetched, n.objects_put, n.rows_written);
}

}  // namespace

std::string run_line(std::string_view pipeline, run_counts const& counts) {
  return words_of(pipeline, counts) + fmt::format(", {} failed", counts.failed());
}

}  // namespace vinny
