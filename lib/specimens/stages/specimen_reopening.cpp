// SPDX-License-Identifier: MIT
#include "specimens/stages/specimen_reopening.hpp"

#include <algorithm>
#include <vector>

#include "catalog/notes.hpp"
#include "core/text.hpp"
#include "policy/retry_after.hpp"
#include "specimens/model/specimen_settings.hpp"
#include "specimens/source/specimen_failure.hpp"
#include "specimens/tables/specimen_refusals.hpp"

namespace vinny {
namespace {

constexpr std::size_t images_at_once = 5'000;
constexpr std::size_t hosts_at_once = 256;
constexpr std::chrono::minutes between_reopenings{10};
constexpr char const* settled_note = "specimens.refusals_settled";
constexpr char const* settings_note = "specimens.refusing_settings";

std::int64_t latest_visit(config const& settings) {
  auto const& days = settings.politeness.revisit_days;
  auto const longest = days.empty() ? 0 : std::ranges::max(days);
  return to_ms(now() + std::chrono::days{longest});
}

}  // namespace

task<result<>> specimen_reopening::begin() {
  if (auto const clamped = co_await clamp_times(); !clamped) co_return clamped;
  if (auto const settled = co_await settle_old(); !settled) co_return settled;
  if (auto const heeded = co_await heed_settings(); !heeded) co_return heeded;
  co_return co_await look();
}

task<result<>> specimen_reopening::clamp_times() {
  for (;;) {
    auto const changed = co_await context_.facts.write(
        [latest_due = to_ms(now() + longest_retry_after),
         latest_visit = latest_visit(context_.settings)](database& db) {
          return clamp_specimen_times(db, latest_due, latest_visit, images_at_once);
        });
    if (!changed) co_return std::unexpected(changed.error());
    if (*changed == 0 || context_.draining) co_return result<>{};
  }
}

task<result<>> specimen_reopening::settle_old() {
  auto const settled = co_await context_.facts.read(
      [](database& db) { return read_note(db, settled_note).has_value(); });
  if (!settled) co_return std::unexpected(settled.error());
  if (*settled) co_return result<>{};
  for (std::int64_t after = 0; !context_.draining;) {
    auto const last = co_await context_.facts.write([after](database& db) {
      auto const seen = settle_refusals(db, after, images_at_once);
      if (seen == 0) set_note(db, settled_note, "1");
      return seen;
    });
    if (!last) co_return std::unexpected(last.error());
    if (*last == 0) break;
    after = *last;
  }
  co_return result<>{};
}

task<result<>> specimen_reopening::heed_settings() {
  auto const current =
      refusing_settings(context_.settings, context_.settings.of<specimens_config>().max_bytes);
  auto const known = co_await context_.facts.read(
      [](database& db) { return read_note(db, settings_note).value_or(""); });
  if (!known) co_return std::unexpected(known.error());
  if (*known == current) co_return result<>{};
  if (auto const opened = co_await open_held(); !opened) co_return opened;
  if (auto const opened = co_await open_exhausted(); !opened) co_return opened;
  if (context_.draining) co_return result<>{};
  co_return co_await context_.facts.write(
      [current](database& db) { set_note(db, settings_note, current); });
}

task<result<>> specimen_reopening::open_held() {
  for (std::int64_t after = 0; !context_.draining;) {
    auto held = co_await context_.facts.read(
        [after](database& db) { return images_held_by_settings(db, after, images_at_once); });
    if (!held) co_return std::unexpected(held.error());
    if (held->last == 0) break;
    after = held->last;
    std::vector<specimen_image_id> changed;
    for (auto const& image : held->found) {
      if (setting_has_changed(image.hangs_on, context_.settings, image.host,
                              context_.settings.of<specimens_config>().max_bytes)) {
        changed.push_back(image.id);
      }
    }
    if (changed.empty()) continue;
    auto const opened = co_await context_.facts.write(
        [changed = std::move(changed)](database& db) { return open_again(db, changed); });
    if (!opened) co_return std::unexpected(opened.error());
  }
  co_return result<>{};
}

task<result<>> specimen_reopening::open_exhausted() {
  for (std::int64_t after = 0; !context_.draining;) {
    auto const last = co_await context_.facts.write(
        [after, allowed = context_.settings.politeness.retries + 1](database& db) {
          return reopen_exhausted(db, allowed, after, images_at_once);
        });
    if (!last) co_return std::unexpected(last.error());
    if (*last == 0) break;
    after = *last;
  }
  co_return result<>{};
}

task<result<>> specimen_reopening::look() {
  if (clock::now() < next_look_) co_return result<>{};
  next_look_ = clock::now() + between_reopenings;
  for (std::int64_t after = 0; !context_.draining;) {
    auto const due = co_await context_.facts.read([after, at = to_ms(now())](database& db) {
      return hosts_to_revisit(db, at, after, hosts_at_once);
    });
    if (!due) co_return std::unexpected(due.error());
    if (due->empty()) break;
    after = due->back();
    for (auto const host : *due) {
      if (auto const asked = co_await ask_host(host); !asked) co_return asked;
    }
  }
  co_return result<>{};
}

task<result<>> specimen_reopening::ask_host(std::int64_t host) {
  auto const room = hosts_[host].room();
  if (room <= 0) co_return result<>{};
  // One attempt each: what fails again waits for its next time.
  auto const opened = co_await context_.facts.write(
      [host, room, at = to_ms(now()),
       attempts = context_.settings.politeness.retries](database& db) {
        return revisit(db, host, at, attempts, static_cast<std::size_t>(room));
      });
  if (!opened) co_return std::unexpected(opened.error());
  hosts_[host].asked(static_cast<int>(*opened));
  co_return result<>{};
}

task<result<>> specimen_reopening::came(specimen_job const& job) {
  if (job.visits == 0) co_return result<>{};
  hosts_[job.host].came();
  co_return co_await ask_host(job.host);
}

specimen_failure refusal_of(failure const& why, specimen_job const& job, config const& settings,
                            int attempts) {
  bool const page = why.code == errc::not_an_image && !why.evidence.empty();
  auto const hangs = ground_of(why);
  auto const again =
      hangs.passes ? revisit_at(settings.politeness.revisit_days, job.visits, now()) : std::nullopt;
  return {.reason = failure_type(why),
          .http_status = why.http_status,
          .detail = valid_utf8(page ? why.evidence : why.message),
          .corrupt_sha256 = job.corrupt_sha256,
          .attempts = attempts,
          .due_ms = 0,
          .revisit_ms = again ? to_ms(*again) : 0,
          .hangs_on = setting_digest(hangs.by, settings, job.host_name,
                                     settings.of<specimens_config>().max_bytes)};
}

}  // namespace vinny
