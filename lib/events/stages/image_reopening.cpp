// SPDX-License-Identifier: MIT
#include "events/stages/image_reopening.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/host_name.hpp"
#include "events/tables/image_refusals.hpp"
#include "policy/retry_after.hpp"

namespace vinny {

task<result<>> image_reopening::begin() {
  auto const& days = context_.settings.politeness.revisit_days;
  auto const latest_visit =
      to_ms(now() + std::chrono::days{days.empty() ? 0 : std::ranges::max(days)});
  auto const clamped = co_await context_.facts.write(
      [latest_due = to_ms(now() + longest_retry_after), latest_visit](database& db) {
        clamp_image_times(db, latest_due, latest_visit);
      });
  if (!clamped) co_return clamped;
  if (auto const heeded = co_await heed_settings(); !heeded) co_return heeded;
  auto const looked = co_await look();
  if (!looked) co_return std::unexpected(looked.error());
  co_return result<>{};
}

task<result<>> image_reopening::heed_settings() {
  auto const held =
      co_await context_.facts.read([](database& db) { return pictures_held_by_settings(db); });
  if (!held) co_return std::unexpected(held.error());
  std::vector<std::int64_t> changed;
  for (auto const& image : *held) {
    if (setting_has_changed(image.hangs_on, context_.settings, image.host,
                            context_.settings.images.max_bytes)) {
      changed.push_back(image.id);
    }
  }
  if (changed.empty()) co_return result<>{};
  co_return co_await context_.facts.write(
      [changed = std::move(changed)](database& db) { reopen_pictures(db, changed, false); });
}

task<result<bool>> image_reopening::look() {
  auto const due = co_await context_.facts.read(
      [at = to_ms(now())](database& db) { return pictures_to_revisit(db, at); });
  if (!due) co_return std::unexpected(due.error());
  std::vector<std::int64_t> visits;
  for (auto const& image : *due) {
    auto& host = hosts_[bare_host(image.host)];
    if (host.room() <= 0) continue;
    host.asked();
    visits.push_back(image.id);
  }
  if (visits.empty()) co_return false;
  auto const opened = co_await context_.facts.write(
      [visits = std::move(visits)](database& db) { reopen_pictures(db, visits, true); });
  if (!opened) co_return std::unexpected(opened.error());
  co_return true;
}

void image_reopening::came(image_job const& job) {
  if (job.visits == 0) return;
  hosts_[bare_host(job.host)].came();
  news_ = true;
}

task<result<bool>> image_reopening::look_again() {
  if (!std::exchange(news_, false)) co_return false;
  co_return co_await look();
}

image_refusal refusal_of(failure const& why, image_job const& job, config const& settings,
                         std::string evidence) {
  auto const hangs = ground_of(why);
  auto const again =
      hangs.passes ? revisit_at(settings.politeness.revisit_days, job.visits, now()) : std::nullopt;
  return {.reason = std::string{name(why.code)},
          .evidence = std::move(evidence),
          .at_ms = to_ms(now()),
          .revisit_ms = again ? to_ms(*again) : 0,
          .hangs_on = setting_digest(hangs.by, settings, job.host, settings.images.max_bytes)};
}

}  // namespace vinny
