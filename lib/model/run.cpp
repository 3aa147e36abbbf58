// SPDX-License-Identifier: MIT
#include "model/run.hpp"

namespace vinny {
namespace {

constexpr std::array<std::string_view, 6> names{"queued",  "running", "done",
                                                "partial", "failed",  "cancelled"};

}  // namespace

std::string_view name(run_state state) noexcept {
  return names[static_cast<std::size_t>(state)];
}

run_state run_state_from_name(std::string_view text) noexcept {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == text) return static_cast<run_state>(i);
  }
  return run_state::failed;
}

std::string_view run_request::pipeline() const noexcept {
  if (ingest) return "specimens-ingest";
  if (specimens) return "specimens-download";
  int const steps = int{scrape} + int{images} + int{upload} + int{publish};
  if (steps > 1) return "sync";
  return scrape ? "scrape" : images ? "images" : upload ? "upload" : "publish";
}

std::array<run_counts::field, 29> const& run_counts::fields() noexcept {
  static constexpr std::array<field, 29> all{{
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
      {"deferred", &run_counts::deferred},
  }};
  return all;
}

}  // namespace vinny
