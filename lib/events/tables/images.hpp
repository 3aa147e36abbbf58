// SPDX-License-Identifier: MIT
//
// Distinct images by URL, and the renditions made of them. Which image a rendition is made of is
// a pure function of its candidates and of which URLs were rejected. Functions run inside
// catalog::write or catalog::read.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "catalog/database.hpp"
#include "events/model/rendition.hpp"
#include "events/tables/events.hpp"

namespace vinny {

/// Label and box in pixels.
using size_list = std::vector<std::pair<std::string, std::uint32_t>>;
/// The URLs to try for an image in one size, best first.
using candidate_rule =
    std::function<std::vector<std::string>(std::string const& url, std::uint32_t pixels)>;

/// Brings the renditions of an artist at a venue in line with the artist's events there.
void refer_images(database& db, artist_at_venue const& who, std::string const& today,
                  size_list const& sizes, candidate_rule const& candidates);

struct wanted_rendition {
  rendition_id id;
  std::uint32_t pixels = 0;  // filled by the caller from the configured sizes
  bool ever_made = false;
};

struct image_job {
  std::int64_t id = 0;
  std::string url;
  std::string host;
  std::string corrupt_sha256;  // of the bytes that could not be decoded last time
  int attempts = 0;
  int visits = 0;  // how often it was opened again after it had been refused
  std::vector<wanted_rendition> wanted;
};

/// How many more images of a host may be in hand.
using host_room = std::function<std::size_t(std::string const& host)>;

/// Pending images that are due, without those in `active`: the hosts in turn, beginning behind
/// `last_host`, of each at most what it has room for; at most `limit`. Costs by hosts, not by
/// images.
[[nodiscard]] std::vector<image_job> due_images(database& db, std::int64_t now_ms,
                                                std::set<std::int64_t> const& active,
                                                host_room const& room, std::string const& last_host,
                                                std::size_t limit);

struct made_rendition {
  rendition_id id;
  std::string sha256;
  std::string md5{};  // what a store is told beside its bytes; empty: not known
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::int64_t bytes = 0;
};
struct source_facts {
  std::string sha256;
  std::string mime;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::int64_t bytes = 0;
};
/// The files are at their final paths: records them. The image keeps waiting when a rendition
/// joined after the claim.
void image_made(database& db, std::int64_t image_id, source_facts const& source,
                std::vector<made_rendition> const& made);
void image_postponed(database& db, image_job const& job, int attempts, std::int64_t due_ms,
                     std::string const& corrupt_sha256);
/// Why an image was refused, and how long that is believed.
struct image_refusal {
  std::string reason{};  // an errc's name
  std::string evidence{};
  std::int64_t at_ms = 0;
  std::int64_t revisit_ms = 0;  // when it is asked for again; 0: never by itself
  std::int64_t hangs_on = 0;    // the setting that refused it, setting_digest()
};
/// Its renditions go on to their next candidate. How many had none left.
int image_rejected(database& db, image_job const& job, image_refusal const& why);
/// Points a rendition at its first candidate that is not refused. False: there is none.
bool choose_image(database& db, rendition_id const& id, std::vector<std::string> const& candidates);
/// Out of attempts: asked again by the next run.
void image_parked(database& db, image_job const& job, std::string_view reason);

/// At the start of a run: parked images are asked again.
void revive_parked_images(database& db);
/// Every image is fetched again, rejected ones too (`--force`).
void force_images(database& db, std::vector<std::string> const& venue_tags);

struct rendition_row {
  rendition_id id;
  std::string url;  // of its image
  std::string sha256;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::int64_t bytes = 0;
  std::string source_mime;
  bool stored = false;
  bool versioned = false;  // its public URL carries a version
};
/// The sizes are other ones than those that the catalog was last used with: renditions of sizes
/// that are gone are no longer waited for, and new or changed ones are wanted of every artist.
void take_sizes(database& db, std::string const& today, size_list const& sizes,
                candidate_rule const& candidates);

/// Renditions that are on disk, after `after`, in the order of their ids; at most `limit`.
[[nodiscard]] std::vector<rendition_row> made_renditions(database& db, rendition_id const& after,
                                                         std::size_t limit);
/// Its file is missing or stale: make it again.
void rendition_lost(database& db, rendition_id const& id);

}  // namespace vinny
