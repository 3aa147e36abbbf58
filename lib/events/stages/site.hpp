// SPDX-License-Identifier: MIT
//
// A site: the venues that share one sitemap. It is walked once for all of them, and each of its
// pages is fetched once.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "events/tables/pages.hpp"
#include "model/venue.hpp"

namespace vinny {

struct emptied_page {
  page_job page;
  page_outcome outcome;
};

struct site {
  std::string sitemap;
  std::vector<venue> venues;  // in extractor order
  // How the walk and the reading went, in this run.
  std::int64_t pages_listed = 0;
  std::int64_t past_listed = 0;  // pages whose address says that they are over
  std::int64_t pages_read = 0;
  std::int64_t found = 0;  // events, past and elsewhere ones too
  bool sitemap_failed = false;
  /// Pages that had events to come and were read without any: whether that is true is known when
  /// the whole site has been read.
  std::vector<emptied_page> emptied{};

  [[nodiscard]] std::vector<std::string> tags() const;
  /// Today where its first venue is.
  [[nodiscard]] std::string today(instant at) const;
};

[[nodiscard]] std::vector<std::string> tags_of(std::span<venue const> venues);

/// The sites of these venues, in the order of their first venue. Venues without a sitemap have
/// none.
[[nodiscard]] std::vector<site> sites_of(std::span<venue const> venues);

}  // namespace vinny
