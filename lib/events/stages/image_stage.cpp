// SPDX-License-Identifier: MIT
#include "events/stages/image_stage.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "catalog/runs.hpp"
#include "core/digest.hpp"
#include "core/text.hpp"
#include "events/model/event_counts.hpp"
#include "events/source/image_url.hpp"
#include "events/stages/adopt.hpp"
#include "events/stages/site.hpp"
#include "events/stages/sync_job.hpp"
#include "events/tables/image_refusals.hpp"
#include "image/image.hpp"
#include "policy/classify.hpp"
#include "run/image_limits.hpp"
#include "run/patient.hpp"
#include "task/offload.hpp"

namespace vinny {
namespace {

constexpr int image_workers = 16;
constexpr std::size_t recent_bytes = 64UZ << 20;
constexpr int in_hand_per_host = 4;  // more would only wait for the host's pace

/// Bytes to renditions on disk; runs on the cpu pool.
result<image_stage::output> make_renditions(std::string const& body, image_job const& job,
                                            std::vector<wanted_rendition> const& wanted,
                                            std::vector<std::uint32_t> const& all_sizes,
                                            image_limits const& limits, int quality,
                                            file_root const& files) {
  auto const info = inspect(body, limits);
  auto const whole = info ? verify(body, *info) : result<>{};
  auto const sum = sha256_hex(body);
  if (!info || !whole) {
    auto why = info ? whole.error() : info.error();
    if (why.code == errc::image_corrupt) {
      if (sum == job.corrupt_sha256) why.code = errc::image_corrupt_again;
      why.evidence = sum;
    }
    return std::unexpected(std::move(why));
  }
  std::vector<rendition_spec> specs;
  specs.reserve(wanted.size());
  for (auto const& one : wanted) specs.push_back({one.id.key(), one.pixels, one.pixels});
  // Each size is made of the next larger: the same bytes again need them all.
  auto const smallest = std::ranges::min(wanted, {}, &wanted_rendition::pixels).pixels;
  for (auto const pixels : all_sizes) {
    bool const made = std::ranges::find(wanted, pixels, &wanted_rendition::pixels) != wanted.end();
    if (!made && pixels > smallest) specs.push_back({{}, pixels, pixels});
  }
  auto const pictures = render(body, *info, {.apply_orientation = true, .quality = quality}, specs);
  if (!pictures) return std::unexpected(pictures.error());
  image_stage::output out{.fetched = false,
                          .source = {.sha256 = sum,
                                     .mime = std::string{mime_type(info->type)},
                                     .width = info->width,
                                     .height = info->height,
                                     .bytes = static_cast<std::int64_t>(body.size())},
                          .made = {}};
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    auto const& picture = (*pictures)[i];
    if (auto const written = files.write(wanted[i].id.key(), picture.bytes); !written) {
      return std::unexpected(written.error());
    }
    out.made.push_back({.id = wanted[i].id,
                        .sha256 = sha256_hex(picture.bytes),
                        .md5 = md5_hex(picture.bytes),
                        .width = picture.width,
                        .height = picture.height,
                        .bytes = static_cast<std::int64_t>(picture.bytes.size())});
  }
  return out;
}

/// Files that the catalog says are there, and are not: wanted again.
task<result<>> look_after_files(run_context& context) {
  constexpr std::size_t chunk = 500;
  rendition_id after;
  for (;;) {
    auto const rows = co_await context.facts.read(
        [after](database& db) { return made_renditions(db, after, chunk); });
    if (!rows) co_return std::unexpected(rows.error());
    if (rows->empty()) co_return result<>{};
    after = rows->back().id;
    auto lost = co_await on_cpu(context, [rows = *rows, files = context.files] {
      std::vector<rendition_id> out;
      for (auto const& row : rows) {
        if (files.size(row.id.key()) != row.bytes) out.push_back(row.id);
      }
      return out;
    });
    if (lost.empty()) continue;
    log(log_level::info, "images", "files are missing or were changed; they are fetched again",
        field("files", lost.size()));
    auto const noted = co_await context.facts.write([lost = std::move(lost)](database& db) {
      for (auto const& id : lost) rendition_lost(db, id);
    });
    if (!noted) co_return noted;
  }
}

/// The venues that the run is limited to; empty: all.
std::vector<std::string> limited_to(run_context const& context) {
  return context.asked<sync_job>().wish.venues.empty() ? std::vector<std::string>{}
                                                       : tags_of(context.asked<sync_job>().venues);
}

std::string today_of(run_context const& context) {
  return context.asked<sync_job>().venues.empty()
             ? to_date(local_day(now(), "UTC"))
             : to_date(local_day(now(), context.asked<sync_job>().venues.front().time_zone));
}

}  // namespace

image_stage::image_stage(run_context& context)
    : context_(context), recent_(recent_bytes), reopening_(context) {}

task<result<>> image_stage::open() {
  return reopening_.begin();
}

task<result<std::vector<image_job>>> image_stage::claim(std::size_t limit) {
  auto room = [in_hand = per_host_, &settings = context_.settings](std::string const& host) {
    auto const most = std::max(in_hand_per_host, settings.politeness_of(host).concurrency);
    auto const have = in_hand.find(host);
    return static_cast<std::size_t>(have == in_hand.end() ? most
                                                          : std::max(most - have->second, 0));
  };
  auto const due = [active = active_, room = std::move(room), last = last_host_, at = to_ms(now()),
                    limit](database& db) { return due_images(db, at, active, room, last, limit); };
  auto jobs = co_await context_.facts.read(due);
  if (jobs && jobs->empty() && active_.empty()) {
    auto const more = co_await reopening_.look_again();
    if (!more) co_return std::unexpected(more.error());
    if (*more) jobs = co_await context_.facts.read(due);
  }
  if (!jobs) co_return jobs;
  // While a file is being made of one image, no other may be made at the same place.
  std::erase_if(*jobs, [&](image_job const& job) {
    return std::ranges::any_of(
        job.wanted, [&](wanted_rendition const& one) { return keys_.contains(one.id.key()); });
  });
  for (auto const& job : *jobs) {
    active_.insert(job.id);
    ++per_host_[job.host];
    for (auto const& one : job.wanted) keys_.insert(one.id.key());
    last_host_ = job.host;
    if (job.attempts == 0) ++context_.counts<event_counts>().images_found;
  }
  co_return jobs;
}

void image_stage::release(image_job const& job) {
  active_.erase(job.id);
  if (--per_host_[job.host] == 0) per_host_.erase(job.host);
  for (auto const& one : job.wanted) keys_.erase(one.id.key());
}

int image_stage::attempts_allowed(image_job const& job) const {
  return context_.settings.politeness_of(job.host).retries + 1;
}

task<result<work_outlook>> image_stage::outlook() {
  return context_.facts.read([](database& db) {
    work_outlook out;
    db.query("SELECT count(*), coalesce(min(due_at), 0) FROM images WHERE state = 'pending'",
             [&](SQLite::Statement& row) {
               out = {row.getColumn(0).getInt64(), row.getColumn(1).getInt64()};
             });
    return out;
  });
}

std::uint32_t image_stage::pixels_of(std::string const& size) const {
  for (auto const& [label, pixels] : context_.settings.images.sizes) {
    if (label == size) return pixels;
  }
  return 0;
}

std::vector<std::uint32_t> image_stage::all_sizes() const {
  std::vector<std::uint32_t> out;
  out.reserve(context_.settings.images.sizes.size());
  for (auto const& [label, pixels] : context_.settings.images.sizes) out.push_back(pixels);
  return out;
}

std::vector<std::string> image_stage::hosts_for(image_job const& job) const {
  std::vector<std::string> out;
  for (auto const& wanted : job.wanted) {
    auto const* const where = context_.settings.find_venue(wanted.id.venue_tag);
    if (where == nullptr || where->image_hosts.empty()) return {};
    out.insert(out.end(), where->image_hosts.begin(), where->image_hosts.end());
  }
  return out;
}

task<result<source_cache::body>> image_stage::fetch(image_job const& job, bool& asked,
                                                    deadline limit) {
  asked = false;
  if (auto known = recent_.find(job.url); known && !context_.asked<sync_job>().wish.force)
    co_return known;
  auto const target = url::parse(job.url);
  if (!target) co_return std::unexpected(target.error());
  request what{.target = *target,
               .max_body = context_.settings.images.max_bytes,
               .accept_gzip = false,
               .hosts = hosts_for(job)};
  what.headers.emplace_back("Accept", accept_pictures);
  asked = true;
  auto answer = checked_status(co_await context_.web.send(std::move(what), limit));
  if (!answer) co_return std::unexpected(answer.error());
  co_return std::make_shared<std::string const>(std::move(answer->body));
}

task<result<image_stage::output>> image_stage::run(image_job const& job, deadline limit) {
  output out;
  std::vector<wanted_rendition> wanted;
  for (auto one : job.wanted) {
    one.pixels = pixels_of(one.id.size);
    if (one.pixels == 0) continue;
    if (!one.ever_made && !context_.asked<sync_job>().wish.force) {
      auto adopted = co_await adopt(context_, one);
      if (!adopted) co_return std::unexpected(adopted.error());
      if (*adopted) {
        out.made.push_back(std::move(**adopted));
        continue;
      }
    }
    wanted.push_back(std::move(one));
  }
  if (wanted.empty()) co_return out;

  bool asked = false;
  auto const body = co_await fetch(job, asked, limit);
  if (!body) co_return std::unexpected(body.error());
  auto made = co_await on_cpu(
      context_, [body = *body, job, wanted = std::move(wanted), sizes = all_sizes(),
                 limits = image_limits_of(context_.settings),
                 quality = context_.settings.images.quality, files = context_.files] {
        return make_renditions(*body, job, wanted, sizes, limits, quality, files);
      });
  if (!made) {
    made.error().message = fmt::format("{}: {}", safe_url(job.url), made.error().message);
    co_return std::unexpected(made.error());
  }
  recent_.keep(job.url, *body);
  made->fetched = asked;
  std::ranges::move(out.made, std::back_inserter(made->made));
  co_return made;
}

task<result<>> image_stage::finish(image_job const& job, output out) {
  auto const count = static_cast<std::int64_t>(out.made.size());
  bool const fetched = out.fetched;
  auto const recorded =
      co_await context_.facts.write([id = job.id, out = std::move(out)](database& db) {
        image_made(db, id, out.source, out.made);
      });
  if (!recorded) co_return recorded;
  context_.counts<event_counts>().images_fetched += fetched ? 1 : 0;
  context_.counts<event_counts>().renditions += count;
  reopening_.came(job);
  context_.waker(step::upload).notify_all();
  co_return result<>{};
}

task<result<>> image_stage::postpone(image_job const& job, failure const& why, int attempts,
                                     std::int64_t due_ms) {
  auto const corrupt = why.code == errc::image_corrupt ? why.evidence : job.corrupt_sha256;
  return context_.facts.write([job, attempts, due_ms, corrupt](database& db) {
    image_postponed(db, job, attempts, due_ms, corrupt);
  });
}

task<result<bool>> image_stage::give_up(image_job const& job, failure const& why, int attempts) {
  bool const for_good = classify(why.code) == verdict::reject;
  if (for_good) instruments::global().image_rejected(why.code).add();
  auto const key = job.wanted.empty() ? safe_url(job.url) : job.wanted.front().id.key();
  auto const lost = co_await context_.facts.write(
      [job, why, for_good, run_id = context_.record.id,
       row = to_run_error("images", key, job.url, why, attempts),
       refusal = refusal_of(why, job, context_.settings, valid_utf8(clip(why.evidence, 512)))](
          database& db) {
        if (!for_good) image_parked(db, job, name(why.code));
        bool const gone = !for_good || image_rejected(db, job, refusal) > 0;
        if (gone) add_run_error(db, run_id, row, to_rfc3339(now()));
        return gone;
      });
  if (lost && *lost) ++context_.counts<event_counts>().images_failed;
  co_return lost;
}

task<result<>> download_images(run_context& context, std::function<bool()> more_may_come) {
  if (auto const imported = co_await import_manifest(context); !imported) co_return imported;
  auto const prepared = co_await context.facts.write(
      [force = context.asked<sync_job>().wish.force, tags = limited_to(context),
       sizes = context.settings.images.sizes, today = today_of(context)](database& db) {
        take_sizes(db, today, sizes, candidate_urls);
        revive_parked_images(db);
        if (force) force_images(db, tags);
      });
  if (!prepared) co_return prepared;
  if (auto const checked = co_await look_after_files(context); !checked) co_return checked;
  image_stage stage{context};
  if (auto const opened = co_await stage.open(); !opened) co_return opened;
  auto const done = co_await run_stage(context, stage,
                                       {.workers = image_workers,
                                        .patience = context.settings.politeness.patience,
                                        .fetches = true,
                                        .more_may_come = std::move(more_may_come)});
  auto const missing =
      co_await context.facts.read([](database& db) { return count_missing_pictures(db); });
  if (missing) context.counts<event_counts>().images_refused = missing->count;
  co_return done;
}

}  // namespace vinny
