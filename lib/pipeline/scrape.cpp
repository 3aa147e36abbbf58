// SPDX-License-Identifier: MIT
#include "pipeline/scrape.hpp"

#include <fmt/format.h>

#include "catalog/events.hpp"
#include "catalog/runs.hpp"
#include "core/text.hpp"
#include "pipeline/ask.hpp"
#include "pipeline/mishap.hpp"
#include "pipeline/page_stage.hpp"
#include "pipeline/sitemap_walk.hpp"
#include "pipeline/stage.hpp"

namespace vinny {
namespace {

// More than the requests that may be in flight, so that one host's pace never idles the others.
constexpr int page_workers = 24;

/// A site that was read and gave nothing at all is a broken extractor, not a quiet week.
task<result<>> must_have_found(run_context& context, site const& where) {
  bool const looked = where.pages_read > 0 || (where.pages_listed == 0 && !where.sitemap_failed);
  if (!looked || where.found > 0 || context.draining) co_return result<>{};
  auto const known = co_await context.facts.read(
      [tags = where.tags()](database& db) { return sightings_at(db, tags); });
  if (!known) co_return std::unexpected(known.error());
  if (*known > 0) co_return result<>{};
  failure const why{
      errc::no_events,
      fmt::format(
          "{}: {} pages were read and none of them has an event for {}; the site has changed "
          "its form, or the venue's 'extractor' does not fit it",
          safe_url(where.sitemap), where.pages_read, fmt::join(where.tags(), ", "))};
  auto const told = co_await context.facts.write(
      [id = context.record.id,
       row = to_run_error("scrape", safe_url(where.sitemap), where.sitemap, why, 1)](database& db) {
        add_run_error(db, id, row, to_rfc3339(now()));
      });
  if (!told) co_return told;
  tell_lost(context, run_step::scrape, why, safe_url(where.sitemap));
  co_return std::unexpected(why);
}

task<> walk_one(run_context& context, site& where, int& walking, result<>& outcome) {
  auto const walked = co_await walk_sitemaps(context, where);
  if (!walked) outcome = walked;
  --walking;
  context.waker(run_step::scrape).notify_all();
}

}  // namespace

task<result<>> scrape(run_context& context) {
  auto sites = sites_of(context.venues);
  page_stage pages{context, sites};
  int walking = static_cast<int>(sites.size());
  result<> walked;
  auto const read = co_await with_group([&](task_group& walks) -> task<result<>> {
    for (auto& one : sites) {
      walks.spawn("sitemaps of " + safe_url(one.sitemap), walk_one(context, one, walking, walked));
    }
    auto out = co_await run_stage(context, pages,
                                  {.workers = page_workers,
                                   .patience = context.settings.politeness.patience,
                                   .more_may_come = [&walking] { return walking > 0; }});
    if (!out) walks.cancel();
    co_return out;
  });
  if (!read) co_return read;
  if (!walked) co_return walked;
  auto const known = co_await context.facts.read(
      [tags = tags_of(context.venues)](database& db) { return events_at(db, tags); });
  if (!known) co_return std::unexpected(known.error());
  context.counts().events = *known;
  result<> found;
  for (auto const& one : sites) {
    if (auto const checked = co_await must_have_found(context, one); !checked) found = checked;
  }
  co_return found;
}

}  // namespace vinny
