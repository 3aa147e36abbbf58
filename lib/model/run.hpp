// SPDX-License-Identifier: MIT
//
// A run: what was asked for, how far it is, how it ended.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "library/model/library.hpp"

namespace vinny {

enum class run_state { queued, running, done, partial, failed, cancelled };
[[nodiscard]] std::string_view name(run_state state) noexcept;
[[nodiscard]] run_state run_state_from_name(std::string_view name) noexcept;
[[nodiscard]] constexpr bool is_over(run_state state) noexcept {
  return state != run_state::queued && state != run_state::running;
}

/// What a run was asked to do with the library.
struct library_request {
  enum class job { none, import, backfill, artist_names };
  job what = job::none;
  std::vector<std::string> files{};  // of import
  std::int64_t batch_size = 0;       // 0: as configured
  std::int64_t throttle_ms = -1;     // -1: as configured
  library_part part{};
  bool recheck = false;          // ask again where there was nothing
  bool accept_fallback = false;  // take what the service takes for the next best
};

/// What a run was asked to do.
struct run_request {
  bool scrape = true;
  bool images = true;
  bool upload = true;
  bool publish = true;
  std::vector<std::string> venues{};       // tags; empty: all that have a sitemap
  std::string reuse{};                     // "latest" or a run's id: do not scrape
  bool full = false;                       // ignore lastmod, publish everything
  bool local = false;                      // publish to local-d1.sqlite
  bool force = false;                      // fetch images again
  bool validate = false;                   // ask the store about every object
  bool execute = false;                    // publish by REST
  bool use_wrangler = false;               // publish by wrangler
  bool captures = false;                   // collections of captures in step with their sources
  bool verify = false;                     // the store against everything that is recorded
  std::vector<std::string> collections{};  // of `captures`; empty: all that have a source
  bool ingest = false;                     // a list of specimens' images into the catalog
  bool specimens = false;                  // fetch specimens' images
  std::string list{};                      // the file to ingest
  bool reset = false;                      // forget all specimens before
  bool finalize_only = false;              // only count again
  bool legacy_only = false;                // only take over what an older program left
  std::string install_path{};              // where it left it
  library_request library{};

  /// The steps are those of a sync; otherwise it is one piece of work of its own.
  [[nodiscard]] bool is_sync() const noexcept {
    return !ingest && !specimens && !captures && !verify &&
           library.what == library_request::job::none;
  }
  /// "sync" when all steps are asked for, else the name of the one.
  [[nodiscard]] std::string_view pipeline() const noexcept;
};

/// Counters of a run; the names are those of the API.
/// Of run_counts::remaining: it could not be found out.
inline constexpr std::int64_t not_counted = -1;

struct run_counts {
  std::int64_t pages_found = 0;
  std::int64_t pages_read = 0;
  std::int64_t pages_unchanged = 0;
  std::int64_t pages_past = 0;
  std::int64_t pages_denied = 0;  // robots.txt forbids them
  std::int64_t pages_failed = 0;
  std::int64_t events = 0;
  std::int64_t events_elsewhere = 0;
  std::int64_t images_found = 0;
  std::int64_t images_fetched = 0;
  std::int64_t images_failed = 0;
  std::int64_t images_refused = 0;  // files that none of their images may be made of, for now
  std::int64_t renditions = 0;
  std::int64_t objects_put = 0;
  std::int64_t objects_unchanged = 0;
  std::int64_t objects_failed = 0;
  std::int64_t objects_lost = 0;     // the store did not have them any more
  std::int64_t objects_changed = 0;  // the store had something else
  std::int64_t rows_written = 0;
  std::int64_t rows_unchanged = 0;
  std::int64_t rows_removed = 0;
  std::int64_t list_rows = 0;
  std::int64_t list_rejected = 0;
  std::int64_t list_images = 0;
  std::int64_t list_gbif_ids = 0;
  std::int64_t list_retired = 0;  // images that no list names any more
  std::int64_t specimens_fetched = 0;
  std::int64_t specimens_adopted = 0;  // the file was there
  std::int64_t specimens_failed = 0;
  std::int64_t captures_found = 0;
  std::int64_t captures_added = 0;
  std::int64_t captures_changed = 0;
  std::int64_t captures_removed = 0;
  std::int64_t captures_passed_over = 0;  // no pictures by their names
  std::int64_t thumbnails_checked = 0;
  std::int64_t thumbnails_lost = 0;   // the store did not have them any more
  std::int64_t uploads_lost = 0;      // of captures; nothing can bring them back
  std::int64_t objects_unnamed = 0;   // removed: nothing named them
  std::int64_t library_rows = 0;      // read from lists
  std::int64_t library_artists = 0;   // read from lists
  std::int64_t library_rejected = 0;  // lines that are neither
  std::int64_t library_named = 0;     // rows that took their artist's name
  std::int64_t scanned = 0;           // rows whose artwork was asked for
  std::int64_t enriched_match = 0;
  std::int64_t enriched_match_raced = 0;  // somebody else had been faster
  std::int64_t enriched_no_match = 0;
  std::int64_t lml_error = 0;  // lookups that failed
  std::int64_t remaining = 0;  // rows that still are as the run found them, or not_counted
  std::int64_t deferred = 0;

  struct field {
    std::string_view name;
    std::int64_t run_counts::* member;
  };
  [[nodiscard]] static std::array<field, 49> const& fields() noexcept;
  /// Items that were given up.
  [[nodiscard]] std::int64_t failed() const noexcept {
    return pages_failed + images_failed + objects_failed + specimens_failed + lml_error +
           library_rejected;
  }
};

struct run_record {
  std::string id;
  std::string pipeline;
  std::string params;  // JSON
  run_state state = run_state::queued;
  std::string created_at;
  std::string started_at;
  std::string finished_at;
  run_counts counts;
  std::string error;
};

/// An item that a run gave up, and why.
struct run_error {
  std::string step;
  std::string key;
  std::string url;  // without its query
  std::string reason;
  std::string message;
  std::string evidence;
  int attempts = 0;
};

}  // namespace vinny
