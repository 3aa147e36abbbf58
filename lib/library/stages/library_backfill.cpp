// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "catalog/notes.hpp"
#include "library/model/library_settings.hpp"
#include "library/source/library.hpp"
#include "library/stages/backfill_progress.hpp"
#include "library/stages/batch_lookups.hpp"
#include "library/stages/library_gear.hpp"
#include "library/stages/library_job.hpp"
#include "library/stages/library_jobs.hpp"
#include "library/tables/lookups.hpp"
#include "observe/log.hpp"

#include "library/model/library_counts.hpp"
namespace vinny {
namespace {

constexpr std::size_t counted_together = 5'000;

class backfill {
 public:
  explicit backfill(run_context& context)
      : context_(context),
        how_(context.asked<backfill_job>().wish),
        settings_(context.settings.of<library_config>()),
        job_("library-artwork-url-backfill", context.reports, context.record.id),
        lookups_(context, job_),
        batch_size_(static_cast<std::size_t>(
            how_.batch_size > 0 ? how_.batch_size : std::int64_t{settings_.batch_size})),
        believed_(std::chrono::hours{24} * settings_.recheck_days) {}

  task<result<>> run() {
    if (context_.outside->gear<library_gear>().lookups == nullptr) {
      co_return job_.ended(fail(errc::config_invalid,
                                "no lookup service is configured: set library.lookup_url (or "
                                "LIBRARY_METADATA_URL) to its address"),
                           {});
    }
    counts().remaining = not_counted;
    auto outcome = co_await begin();
    if (outcome) outcome = co_await all_batches();
    bool const away = !outcome && outcome.error().code == errc::postgres_unavailable;
    auto const left = away ? result<>{} : co_await count_left();
    if (outcome && !left) outcome = left;
    if (!outcome && outcome.error().code == errc::postgres_unavailable) {
      lookups_.put_off(outcome.error());
      outcome = {};
    }
    if (outcome && !lookups_.stopped() && !context_.draining) {
      verify();
      outcome =
          co_await context_.facts.write([](database& db) { set_note(db, backfill_note, ""); });
    }
    co_return job_.ended(outcome, totals());
  }

 private:
  /// Rows that should be done and are not: a database that lost what it had confirmed, or new ones.
  void verify() {
    auto const unexplained = counts().remaining - counts().lml_error;
    if (unexplained <= 0) return;
    context_.deferred += unexplained;
    context_.remarks.push_back(
        fmt::format("{} rows have no artwork though all were asked about: they came meanwhile, or "
                    "their database lost what it had taken. Run the backfill again",
                    unexplained));
  }

  library_counts& counts() noexcept { return context_.counts<library_counts>(); }

  [[nodiscard]] std::int64_t shown_last() const {
    return now_.last == before_all_rows ? 0 : now_.last;
  }

  std::vector<log_field> totals() {
    auto const& c = counts();
    return {field("scanned", c.scanned),
            field("enriched_match", c.enriched_match),
            field("enriched_match_raced", c.enriched_match_raced),
            field("enriched_no_match", c.enriched_no_match),
            field("lml_error", c.lml_error),
            field("last_id", shown_last())};
  }

  /// Goes on with what was cut off, when it was the same work.
  task<result<>> begin() {
    now_ = {.part = how_.part,
            .recheck = how_.recheck,
            .fallback = how_.accept_fallback,
            .began_ms = to_ms(now())};
    auto const note =
        co_await context_.facts.read([](database& db) { return read_note(db, backfill_note); });
    if (!note) co_return std::unexpected(note.error());
    auto orphans = co_await context_.facts.read(unsettled_artwork);
    if (!orphans) co_return std::unexpected(orphans.error());
    orphans_ = std::move(*orphans);
    auto const before = *note ? backfill_from_text(**note) : std::nullopt;
    bool const goes_on = before && before->same_work(now_);
    if (goes_on) {
      now_ = *before;
      take_counts(counts(), before->counts);
    }
    auto const partition = how_.part.count > 1
                               ? fmt::format("{}/{}", how_.part.index, how_.part.count)
                               : std::string{"none"};
    job_.started({field("batch_size", batch_size_),
                  field("throttle_ms", lookups_.throttle().count()), field("partition", partition),
                  field("goes_on", goes_on), field("last_id", shown_last())});
    co_return result<>{};
  }

  task<result<>> all_batches() {
    while (!context_.draining && !lookups_.stopped()) {
      auto rows = co_await context_.outside->gear<library_gear>().rows->bare_rows(
          how_.part, now_.last, batch_size_);
      if (!rows) co_return std::unexpected(rows.error());
      if (rows->empty()) co_return co_await settle_the_last();
      auto const upto = rows->back().id;
      auto const taken = co_await take_batch(std::move(*rows));
      if (!taken) co_return taken;
      auto const asked = co_await lookups_.ask_all(batch_);
      auto const settled = co_await settle(upto);
      if (!settled) co_return settled;
      if (!asked) co_return asked;
      job_.batch_done(static_cast<std::int64_t>(batch_.size()), totals());
    }
    co_return result<>{};
  }

  /// Behind the last bare row there may be such that took theirs before a crash.
  task<result<>> settle_the_last() {
    batch_.clear();
    lookups_.begin_batch();
    if (orphans_.empty()) co_return result<>{};
    auto const last = orphans_.rbegin()->first;
    auto const adopted = co_await adopt_orphans({last + 1});
    if (!adopted) co_return adopted;
    co_return co_await settle(std::max(now_.last, last));
  }

  /// Leaves out what need not be asked: answers that a crash kept from the library are used, and
  /// "there is none" is believed for its time.
  task<result<>> take_batch(std::vector<library_question> rows) {
    std::vector<std::int64_t> ids;
    ids.reserve(rows.size());
    for (auto const& one : rows) ids.push_back(one.id);
    auto known =
        co_await context_.facts.read([ids](database& db) { return kept_lookups(db, ids); });
    if (!known) co_return std::unexpected(known.error());
    batch_.clear();
    lookups_.begin_batch();
    for (auto& row : rows) {
      auto const it = known->find(row.id);
      asked_row one{std::move(row)};
      bool const usable = it != known->end() && !it->second.settled &&
                          (!it->second.url.empty() || is_believed(it->second));
      if (usable) {
        one.url = it->second.url;
        lookups_.count(one);
      } else if (it != known->end() && it->second.settled && is_believed(it->second)) {
        continue;
      }
      batch_.push_back(std::move(one));
    }
    auto const adopted = co_await adopt_orphans(ids);
    if (!adopted) co_return adopted;
    auto& board = context_.board(step::library);
    board.pending = static_cast<std::int64_t>(
        std::ranges::count_if(batch_, [](asked_row const& one) { return !one.url; }));
    co_return result<>{};
  }

  /// Rows that took their artwork just before a crash, and were not counted any more: they are
  /// not bare now. `ids`: of the batch.
  task<result<>> adopt_orphans(std::vector<std::int64_t> ids) {
    settled_before_.clear();
    std::vector<std::int64_t> gone;
    auto const beyond = orphans_.upper_bound(ids.back());
    for (auto it = orphans_.begin(); it != beyond; ++it) {
      bool const ours = how_.part.has(it->first);
      if (ours && !std::ranges::binary_search(ids, it->first)) gone.push_back(it->first);
    }
    auto const there = gone.empty()
                           ? result<std::map<std::int64_t, std::string>>{}
                           : co_await context_.outside->gear<library_gear>().rows->artwork_of(gone);
    if (!there) co_return std::unexpected(there.error());
    for (auto const& [id, url] : *there) {
      settled_before_.push_back(id);
      ++counts().scanned;
      ++(url == orphans_.at(id) ? counts().enriched_match : counts().enriched_match_raced);
    }
    orphans_.erase(orphans_.begin(), beyond);
    co_return result<>{};
  }

  /// What this work has asked itself is believed till its end, whatever the settings.
  [[nodiscard]] bool is_believed(kept_lookup const& known) const {
    if (!known.url.empty()) return false;
    auto const for_long = to_ms(now() - std::chrono::milliseconds{believed_});
    bool const asks_anew = now_.recheck || now_.fallback;
    return known.checked_ms >= (asks_anew ? now_.began_ms : std::min(now_.began_ms, for_long));
  }

  /// What was answered goes into the library, in one transaction; then the catalog notes that it
  /// is there. `upto`: the batch's last row, when all of it was asked.
  task<result<>> settle(std::int64_t upto) {
    std::vector<library_find> found;
    auto answered = settled_before_;
    for (auto const& one : batch_) {
      if (!one.url) continue;
      answered.push_back(one.what.id);
      if (!one.url->empty()) found.push_back({one.what.id, *one.url});
    }
    auto const sought = static_cast<std::int64_t>(found.size());
    auto const filled =
        found.empty()
            ? result<library_filled>{}
            : co_await context_.outside->gear<library_gear>().rows->fill_artwork(std::move(found));
    if (!filled) co_return std::unexpected(filled.error());
    auto const matched = static_cast<std::int64_t>(filled->taken.size());
    auto const refused = static_cast<std::int64_t>(filled->refused.size());
    counts().enriched_match += matched;
    counts().enriched_match_raced += sought - matched - refused;
    for (auto const& one : batch_) {
      auto const why = filled->refused.find(one.what.id);
      if (why == filled->refused.end()) continue;
      --counts().scanned;  // lost() counts it
      lookups_.lost(one.what, failure{errc::postgres_refused, why->second});
    }
    bool const unfinished = lookups_.stopped() || context_.draining;
    if (!unfinished) now_.last = upto;
    now_.counts = counts();
    if (unfinished) {  // what failed in it is asked again
      now_.counts.scanned -= lookups_.errors();
      now_.counts.lml_error -= lookups_.errors();
    }
    co_return co_await context_.facts.write([answered, note = to_text(now_)](database& db) {
      settle_lookups(db, answered);
      set_note(db, backfill_note, note);
    });
  }

  /// Rows that are bare still and of which it is not known that there is nothing.
  task<result<>> count_left() {
    std::int64_t left = 0;
    for (auto after = before_all_rows;;) {
      auto const rows = co_await context_.outside->gear<library_gear>().rows->bare_rows(
          how_.part, after, counted_together);
      if (!rows) co_return std::unexpected(rows.error());
      if (rows->empty()) break;
      std::vector<std::int64_t> ids;
      ids.reserve(rows->size());
      for (auto const& one : *rows) ids.push_back(one.id);
      auto const known =
          co_await context_.facts.read([ids](database& db) { return kept_lookups(db, ids); });
      if (!known) co_return std::unexpected(known.error());
      left += std::ranges::count_if(ids, [&](std::int64_t id) {
        auto const it = known->find(id);
        return it == known->end() || !is_believed(it->second);
      });
      after = ids.back();
    }
    counts().remaining = left;
    co_return result<>{};
  }

  run_context& context_;
  library_request const& how_;
  library_config const& settings_;
  batch_job job_;
  batch_lookups lookups_;
  std::size_t batch_size_;
  std::chrono::milliseconds believed_;
  backfill_progress now_;
  std::vector<asked_row> batch_;
  std::map<std::int64_t, std::string> orphans_;
  std::vector<std::int64_t> settled_before_;
};

}  // namespace

task<result<>> backfill_artwork(run_context& context) {
  backfill work{context};
  co_return co_await work.run();
}

}  // namespace vinny
