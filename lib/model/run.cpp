// SPDX-License-Identifier: MIT
#include "model/run.hpp"

namespace vinny {
namespace {

constexpr std::array<std::string_view, 6> run_state_names{"queued",  "running", "done",
                                                          "partial", "failed",  "cancelled"};

}  // namespace

std::string_view name(run_state state) noexcept {
  return run_state_names[static_cast<std::size_t>(state)];
}

run_state run_state_from_name(std::string_view text) noexcept {
  for (std::size_t i = 0; i < run_state_names.size(); ++i) {
    if (run_state_names[i] == text) return static_cast<run_state>(i);
  }
  return run_state::failed;
}

std::string_view run_request::pipeline() const noexcept {
  switch (library.what) {
    case library_request::job::import:
      return "library-import";
    case library_request::job::backfill:
      return "library-backfill";
    case library_request::job::artist_names:
      return "library-artist-names";
    case library_request::job::none:
      break;
  }
  if (captures) return "captures-sync";
  if (verify) return "verify";
  if (ingest) return "specimens-ingest";
  if (specimens) return "specimens-download";
  int const steps = int{scrape} + int{images} + int{upload} + int{publish};
  if (steps > 1) return "sync";
  return scrape ? "scrape" : images ? "images" : upload ? "upload" : "publish";
}

std::array<run_counts::field, 49> const& run_counts::fields() noexcept {
  static constexpr std::array<field, 49> all{{
      {"pages_found", &run_counts::pages_found},
      {"pages_read", &run_counts::pages_read},
      {"pages_unchanged", &run_counts::pages_unchanged},
      {"pages_past", &run_counts::pages_past},
      {"pages_denied", &run_counts::pages_denied},
      {"pages_failed", &run_counts::pages_failed},
      {"events", &run_counts::events},
      {"events_elsewhere", &run_counts::events_elsewhere},
      {"images_found", &run_counts::images_found},
      {"images_fetched", &run_counts::images_fetched},
      {"images_failed", &run_counts::images_failed},
      {"images_refused", &run_counts::images_refused},
      {"renditions", &run_counts::renditions},
      {"objects_put", &run_counts::objects_put},
      {"objects_unchanged", &run_counts::objects_unchanged},
      {"objects_failed", &run_counts::objects_failed},
      {"objects_lost", &run_counts::objects_lost},
      {"objects_changed", &run_counts::objects_changed},
      {"rows_written", &run_counts::rows_written},
      {"rows_unchanged", &run_counts::rows_unchanged},
      {"rows_removed", &run_counts::rows_removed},
      {"list_rows", &run_counts::list_rows},
      {"list_rejected", &run_counts::list_rejected},
      {"list_images", &run_counts::list_images},
      {"list_gbif_ids", &run_counts::list_gbif_ids},
      {"list_retired", &run_counts::list_retired},
      {"specimens_fetched", &run_counts::specimens_fetched},
      {"specimens_adopted", &run_counts::specimens_adopted},
      {"specimens_failed", &run_counts::specimens_failed},
      {"captures_found", &run_counts::captures_found},
      {"captures_added", &run_counts::captures_added},
      {"captures_changed", &run_counts::captures_changed},
      {"captures_removed", &run_counts::captures_removed},
      {"captures_passed_over", &run_counts::captures_passed_over},
      {"thumbnails_checked", &run_counts::thumbnails_checked},
      {"thumbnails_lost", &run_counts::thumbnails_lost},
      {"uploads_lost", &run_counts::uploads_lost},
      {"objects_unnamed", &run_counts::objects_unnamed},
      {"library_rows", &run_counts::library_rows},
      {"library_artists", &run_counts::library_artists},
      {"library_rejected", &run_counts::library_rejected},
      {"library_named", &run_counts::library_named},
      {"scanned", &run_counts::scanned},
      {"enriched_match", &run_counts::enriched_match},
      {"enriched_match_raced", &run_counts::enriched_match_raced},
      {"enriched_no_match", &run_counts::enriched_no_match},
      {"lml_error", &run_counts::lml_error},
      {"remaining", &run_counts::remaining},
      {"deferred", &run_counts::deferred},
  }};
  return all;
}

}  // namespace vinny
