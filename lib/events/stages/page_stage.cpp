// SPDX-License-Identifier: MIT
#include "events/stages/page_stage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "catalog/runs.hpp"
#include "core/digest.hpp"
#include "core/text.hpp"
#include "events/model/event_counts.hpp"
#include "events/source/image_url.hpp"
#include "events/stages/sync_job.hpp"
#include "events/tables/events.hpp"
#include "events/tables/images.hpp"
#include "run/lost.hpp"
#include "run/patient.hpp"
#include "task/offload.hpp"

namespace vinny {
namespace {

constexpr std::size_t usual_in_hand = 8;  // pages of one site; more would only wait for its pace

/// A page is markup or text; a picture under a page's name is not read as an empty page.
result<> must_be_text(response const& answer) {
  auto const type = answer.header("Content-Type");
  std::string_view const body = answer.body;
  bool const magic = body.starts_with("\xFF\xD8\xFF") || body.starts_with("\x89PNG") ||
                     body.starts_with("GIF8") || body.starts_with("%PDF");
  bool const binary = clip(body, 1024).find('\0') != std::string_view::npos &&
                      !body.starts_with("\xFF\xFE") && !body.starts_with("\xFE\xFF");
  if (!magic && !binary) return {};
  return fail(errc::bad_html, fmt::format("{}: not a page (Content-Type '{}', binary content)",
                                          answer.final_url, clip(type, 60)));
}

}  // namespace

void record_reading(database& db, page_job const& job, std::vector<event> const& events,
                    std::vector<venue> const& venues, std::string const& today,
                    std::string const& read_at, size_list const& sizes) {
  auto const touched = replace_sightings(db, job.id, venues, events, today, read_at);
  for (auto const& who : touched) refer_images(db, who, today, sizes, candidate_urls);
}

page_stage::page_stage(run_context& context, std::vector<site>& sites) : context_(context) {
  for (auto& one : sites) {
    by_sitemap_[one.sitemap] = &one;
    sitemaps_.push_back(one.sitemap);
    auto const address = url::parse(one.sitemap);
    auto const slots = address ? context_.settings.politeness_of(address->host()).concurrency : 1;
    most_in_hand_[one.sitemap] = std::max(usual_in_hand, static_cast<std::size_t>(slots));
  }
}

task<result<std::vector<page_job>>> page_stage::claim(std::size_t limit) {
  site_room room;
  for (auto const& [site, most] : most_in_hand_) {
    room.emplace_back(site, most - std::min(most, in_hand_[site]));
  }
  // Who has the fewest in hand comes first, so that none waits for ever.
  std::ranges::sort(room, std::greater{}, &site_room::value_type::second);
  auto jobs = co_await context_.facts.read(
      [room = std::move(room), active = active_, at = to_ms(now()), limit](database& db) {
        return due_pages(db, room, at, active, limit);
      });
  if (jobs) {
    for (auto const& job : *jobs) {
      active_.insert(job.id);
      ++in_hand_[job.site];
    }
  }
  co_return jobs;
}

void page_stage::release(page_job const& job) {
  active_.erase(job.id);
  --in_hand_[job.site];
}

int page_stage::attempts_allowed(page_job const& job) const {
  return context_.settings.politeness_of(job.host).retries + 1;
}

task<result<work_outlook>> page_stage::outlook() {
  return context_.facts.read([sites = sitemaps_](database& db) {
    work_outlook out;
    for (auto const& one : sites) {
      db.query(
          "SELECT count(*), coalesce(min(due_at), 0) FROM pages WHERE state = 'pending' AND site = "
          "?",
          [&](SQLite::Statement& row) {
            auto const count = row.getColumn(0).getInt64();
            auto const due = row.getColumn(1).getInt64();
            if (count > 0 && (out.pending == 0 || due < out.next_due_ms)) out.next_due_ms = due;
            out.pending += count;
          },
          one);
    }
    return out;
  });
}

task<result<page_stage::output>> page_stage::run(page_job const& job, deadline limit) {
  auto const target = url::parse(job.url);
  if (!target) co_return std::unexpected(target.error());
  request what{.target = *target, .max_body = context_.settings.http.max_page_bytes};
  what.headers.emplace_back("Accept", accept_pages);
  if (!context_.asked<sync_job>().wish.full) ask_if_changed(what, job.etag, job.last_modified);
  auto answer = checked_status(co_await context_.web.send(std::move(what), limit));
  if (!answer) co_return std::unexpected(answer.error());

  auto const& where = site_of(job);
  output out;
  out.read_at = to_rfc3339(now());
  out.outcome = {.etag = std::string{answer->header("ETag")},
                 .last_modified = std::string{answer->header("Last-Modified")},
                 .sha256 = sha256_hex(answer->body),
                 .venue_tags = where.tags()};
  if (answer->status == 304) {
    out.unchanged = true;
    out.outcome.etag = job.etag;
    out.outcome.last_modified = job.last_modified;
    out.outcome.sha256 = job.sha256;
    co_return out;
  }
  if (out.outcome.sha256 == job.sha256) {
    out.unchanged = true;
    co_return out;
  }
  if (auto const text = must_be_text(*answer); !text) co_return std::unexpected(text.error());
  out.reading = co_await on_cpu(
      context_, [body = std::move(answer->body), page = answer->final_url,
                 type = std::string{answer->header("Content-Type")},
                 venues = where.venues] { return read_page(body, page, venues, now(), type); });
  co_return out;
}

task<result<>> page_stage::finish(page_job const& job, output out) {
  auto& where = site_of(job);
  auto& counts = context_.counts<event_counts>();
  if (out.unchanged) {
    ++counts.pages_unchanged;
    ++where.pages_read;
    co_return co_await context_.facts.write(
        [job, outcome = std::move(out.outcome)](database& db) { page_read(db, job, outcome); });
  }
  auto const events = static_cast<std::int64_t>(out.reading.events.size());
  auto const past = out.reading.past;
  auto const elsewhere = out.reading.elsewhere;
  bool const unreadable = !out.reading.problems.empty();
  failure why{errc::bad_event};
  if (unreadable) {
    why.message = fmt::format("{}: {}", safe_url(job.url), fmt::join(out.reading.problems, "; "));
  }
  emptied_page empty{job, out.outcome};
  auto const recorded = co_await context_.facts.write(
      [job, out = std::move(out), venues = where.venues, tags = where.tags(),
       today = where.today(now()), unreadable, why, sizes = context_.settings.images.sizes,
       run_id = context_.record.id](database& db) {
        bool const no_events = out.reading.events.empty();
        bool const emptied = no_events && upcoming_on_page(db, job.id, tags, today) > 0;
        // A page that cannot be read does not say that its events are gone; one that has become
        // empty may belong to a site that has changed its form.
        if (!(unreadable && no_events) && !emptied) {
          record_reading(db, job, out.reading.events, venues, today, out.read_at, sizes);
        }
        if (unreadable) {
          page_failed(db, job);
          add_run_error(db, run_id, to_run_error("scrape", safe_url(job.url), job.url, why, 1),
                        out.read_at);
        } else if (emptied) {
          page_failed(db, job);
        } else {
          page_read(db, job, out.outcome);
        }
        return emptied && !unreadable;
      });
  if (!recorded) co_return std::unexpected(recorded.error());
  if (*recorded) where.emptied.push_back(std::move(empty));
  ++where.pages_read;
  where.found += events + past + elsewhere;
  counts.pages_read += 1;
  counts.pages_past += past;
  counts.events += events;  // until the scrape is over and sightings have become events
  counts.events_elsewhere += elsewhere;
  if (unreadable) {
    ++counts.pages_failed;
    tell_lost(context_, step, why, safe_url(job.url));
  }
  context_.waker(step::images).notify_all();
  co_return result<>{};
}

task<result<>> page_stage::postpone(page_job const& job, failure const&, int attempts,
                                    std::int64_t due_ms) {
  return context_.facts.write(
      [job, attempts, due_ms](database& db) { page_postponed(db, job, attempts, due_ms); });
}

task<result<bool>> page_stage::give_up(page_job const& job, failure const& why, int attempts) {
  if (why.code == errc::robots_denied) {
    // The site does not want it read: that is an answer, not a fault.
    ++context_.counts<event_counts>().pages_denied;
    co_return co_await context_.facts.write([job](database& db) {
      page_failed(db, job);
      return false;
    });
  }
  ++context_.counts<event_counts>().pages_failed;
  co_return co_await context_.facts.write(
      [job, run_id = context_.record.id,
       row = to_run_error("scrape", safe_url(job.url), job.url, why, attempts)](database& db) {
        page_failed(db, job);
        add_run_error(db, run_id, row, to_rfc3339(now()));
        return true;
      });
}

}  // namespace vinny
