// SPDX-License-Identifier: MIT
//
// The pages that sitemaps list, and the per-venue index of what has been read. A page's lastmod
// goes into the index only after its events are in the catalog, so a page that failed is asked
// for again. Functions run inside catalog::write or catalog::read.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "catalog/database.hpp"

namespace vinny {

struct listed_page {
  std::string url;
  std::string host;
  std::string lastmod;  // '' when the sitemap gives none
};

/// What one sitemap file lists, for the venues of this run.
struct page_listing {
  std::string site;     // the sitemap that the venues name
  std::string sitemap;  // this file
  std::vector<listed_page> pages;
  std::vector<std::string> venue_tags;
  bool full = false;  // all of them are due, whatever the index says
};

/// True when the lastmod in the sitemap says that the page changed since the one in the index.
using is_newer = std::function<bool(std::string const& listed, std::string const& read)>;

struct listing_outcome {
  int due = 0;
  int unchanged = 0;
};
/// Records the list and makes the new and changed pages pending. A page without lastmod is always
/// due: its own ETag decides.
listing_outcome list_pages(database& db, page_listing const& listing, is_newer const& newer);
/// The pages that a sitemap file listed when it was last read.
[[nodiscard]] std::vector<listed_page> pages_listed_by(database& db, std::string const& site,
                                                       std::string const& sitemap);

struct page_job {
  std::int64_t id = 0;
  std::string site;
  std::string url;
  std::string host;
  std::string lastmod;
  std::string etag;
  std::string last_modified;
  std::string sha256;
  int attempts = 0;
};

/// Sites, and how many more of their pages may be in hand; who comes first is served first.
using site_room = std::vector<std::pair<std::string, std::size_t>>;

/// Pending pages that are due, without those in `active`: of each site at most as many as it has
/// room for and an equal share of `limit` allows, in the sitemap's order; at most `limit`.
[[nodiscard]] std::vector<page_job> due_pages(database& db, site_room const& room,
                                              std::int64_t now_ms,
                                              std::set<std::int64_t> const& active,
                                              std::size_t limit);

/// How a page was read.
struct page_outcome {
  std::string etag;
  std::string last_modified;
  std::string sha256;
  std::vector<std::string> venue_tags;  // for whom it was read
};
void page_read(database& db, page_job const& job, page_outcome const& outcome);
void page_postponed(database& db, page_job const& job, int attempts, std::int64_t due_ms);
void page_failed(database& db, page_job const& job);

/// The validators of a sitemap file as of its last reading; its children when it is an index.
struct sitemap_note {
  std::string etag;
  std::string last_modified;
  std::vector<std::string> children;
};
[[nodiscard]] std::optional<sitemap_note> known_sitemap(database& db, std::string const& site,
                                                        std::string const& url);
void sitemap_read(database& db, std::string const& site, std::string const& url,
                  sitemap_note const& note);

}  // namespace vinny
