// SPDX-License-Identifier: MIT
//
// Specimens' images that were given up, and how they are opened again: because a setting is another
// one, because their time has come, or because the operator says so. Functions run inside
// catalog::write or catalog::read; each looks at a bounded number of rows and says how far it came.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "specimens/tables/specimen_totals.hpp"

namespace vinny {

/// Refusals of catalogs from before their reasons were kept: each gets its host, and one visit a
/// day after it was given up, unless it is of the image itself. The last image looked at, 0: there
/// are no more.
[[nodiscard]] std::int64_t settle_refusals(database& db, std::int64_t after, std::size_t limit);

/// An image that a setting refused.
struct held_image {
  specimen_image_id id;
  std::string host;
  std::int64_t hangs_on = 0;  // setting_digest
};
struct held_images {
  std::vector<held_image> found;
  std::int64_t last = 0;  // image looked at; 0: there are no more
};
[[nodiscard]] held_images images_held_by_settings(database& db, std::int64_t after,
                                                  std::size_t limit);

/// They are pending again, as if nobody had asked for them. How many there were.
std::int64_t open_again(database& db, std::span<specimen_image_id const> ids);

/// Hosts behind `after` that have images whose time has come, in order.
[[nodiscard]] std::vector<std::int64_t> hosts_to_revisit(database& db, std::int64_t now_ms,
                                                         std::int64_t after, std::size_t limit);
/// So many images of a host whose time has come, or that were refused before the operator released
/// the host, are asked for once more. How many there were.
std::int64_t revisit(database& db, std::int64_t host, std::int64_t now_ms, int attempts,
                     std::size_t limit);

/// Which refusals the operator means; what is left out is any.
struct refusal_filter {
  std::optional<std::string> reason{};  // as in the report: http_403, tls_certificate …
  std::optional<std::string> host{};    // by its bare name
  std::int64_t since_ms = 0;
};
struct refusals_seen {
  std::map<std::string, std::int64_t> by_reason;  // of those that are meant
  std::int64_t last = 0;                          // image looked at; 0: there are no more
};
/// Looks at `limit` refusals behind `after`; `apply`: those that are meant are opened again.
[[nodiscard]] refusals_seen retry_refusals(database& db, refusal_filter const& which,
                                           std::int64_t after, std::size_t limit, bool apply);

/// Nothing is due later than the rules can have it: a clock was ahead when it was written down. At
/// most `limit` rows of a kind; how many there were.
std::int64_t clamp_specimen_times(database& db, std::int64_t latest_due_ms,
                                  std::int64_t latest_visit_ms, std::size_t limit);

}  // namespace vinny
