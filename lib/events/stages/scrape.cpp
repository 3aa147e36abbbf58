// SPDX-License-Identifier: MIT
#include "events/stages/scrape.hpp"

#include <fmt/format.h>

#include "catalog/notes.hpp"
#include "catalog/runs.hpp"
#include "core/text.hpp"
#include "events/model/event_counts.hpp"
#include "events/stages/page_stage.hpp"
#include "events/stages/sitemap_walk.hpp"
#include "events/stages/sync_job.hpp"
#include "events/tables/events.hpp"
#include "events/tables/pages.hpp"
#include "run/lost.hpp"
#include "run/patient.hpp"
#include "run/stage.hpp"

namespace vinny {
namespace {

// More than the requests that may be in flight, so that one host's pace never idles the others.
constexpr int page_workers = 24;

std::string note_of(site const& where) {
  return "events_found " + where.sitemap;
}

/// What the catalog knows of a site that was read.
struct site_memory {
  bool gave_events = false;         // in its present form
  bool gave_none = false;           // that is what the last run said
  std::int64_t others_to_come = 0;  // events that stand on pages which did not become empty
};

task<result<site_memory>> remember(run_context& context, site const& where) {
  std::vector<std::int64_t> emptied;
  emptied.reserve(where.emptied.size());
  for (auto const& one : where.emptied) emptied.push_back(one.page.id);
  return context.facts.read([note = note_of(where), emptied = std::move(emptied),
                             tags = where.tags(), today = where.today(now())](database& db) {
    auto const noted = read_note(db, note);
    return site_memory{
        .gave_events = noted ? *noted == "yes" : sightings_at(db, tags) > 0,
        .gave_none = noted == "no",
        .others_to_come = upcoming_elsewhere(db, emptied, tags, today),
    };
  });
}

/// The site still tells of events, so pages that tell of none any more are to be believed.
task<result<>> accept_emptied_pages(run_context& context, site& where, bool known) {
  if (known && where.emptied.empty()) co_return result<>{};
  co_return co_await context.facts.write([emptied = std::move(where.emptied), venues = where.venues,
                                          today = where.today(now()), note = note_of(where),
                                          at = to_rfc3339(now()),
                                          sizes = context.settings.images.sizes](database& db) {
    for (auto const& one : emptied) {
      record_reading(db, one.page, {}, venues, today, at, sizes);
      page_read(db, one.page, one.outcome);
    }
    set_note(db, note, "yes");
  });
}

/// A site that was read and gave nothing at all is a broken extractor, not a quiet week: what it
/// told before stays, and every run says so until it tells of events again.
task<result<>> must_give_events(run_context& context, site& where) {
  if (context.draining || (where.sitemap_failed && where.pages_listed == 0)) co_return result<>{};
  auto const memory = co_await remember(context, where);
  if (!memory) co_return std::unexpected(memory.error());
  // One page among many may lose its event; when several do, and no page has one, it is the form.
  bool const all_empty =
      where.emptied.size() > 1 || (!where.emptied.empty() && memory->others_to_come == 0);
  bool const nothing_listed = where.pages_listed + where.past_listed == 0;
  bool const looked = where.pages_read > 0 || nothing_listed || memory->gave_none;
  if (!looked || where.found > 0 || (memory->gave_events && !all_empty && !nothing_listed)) {
    co_return co_await accept_emptied_pages(context, where, memory->gave_events || !looked);
  }
  failure const why{
      errc::no_events,
      fmt::format(
          "{}: {} pages were read and none of them has an event for {}; the site has changed its "
          "form, or the venue's 'extractor' does not fit it. What it told before is kept; if its "
          "events "
          "are really gone, --full reads the whole site",
          safe_url(where.sitemap), where.pages_read, fmt::join(where.tags(), ", "))};
  auto const told = co_await context.facts.write(
      [id = context.record.id, note = note_of(where),
       row = to_run_error("scrape", safe_url(where.sitemap), where.sitemap, why, 1)](database& db) {
        set_note(db, note, "no");
        add_run_error(db, id, row, to_rfc3339(now()));
      });
  if (!told) co_return told;
  tell_lost(context, step::scrape, why, safe_url(where.sitemap));
  co_return std::unexpected(why);
}

task<> walk_one(run_context& context, site& where, int& walking, result<>& outcome) {
  auto const walked = co_await walk_sitemaps(context, where);
  if (!walked) outcome = walked;
  --walking;
  context.waker(step::scrape).notify_all();
}

}  // namespace

task<result<>> scrape(run_context& context) {
  auto sites = sites_of(context.asked<sync_job>().venues);
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
                                   .fetches = true,
                                   .more_may_come = [&walking] { return walking > 0; }});
    if (!out) walks.cancel();
    co_return out;
  });
  if (!read) co_return read;
  if (!walked) co_return walked;
  result<> found;
  for (auto& one : sites) {
    if (auto const checked = co_await must_give_events(context, one); !checked) found = checked;
  }
  auto const known = co_await context.facts.read([tags = tags_of(context.asked<sync_job>().venues)](
                                                     database& db) { return events_at(db, tags); });
  if (!known) co_return std::unexpected(known.error());
  context.counts<event_counts>().events = *known;
  co_return found;
}

}  // namespace vinny
