// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <array>

#include "catalog/lookups.hpp"
#include "catalog/notes.hpp"
#include "catalog/runs.hpp"
#include "pipeline/artwork_mirror.hpp"
#include "pipeline/batch_job.hpp"
#include "pipeline/library_jobs.hpp"
#include "policy/classify.hpp"
#include "source/library/library.hpp"
#include "source/library/lookup_service.hpp"
#include "task/task_group.hpp"

namespace vinny {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr auto looks_up_every = 200ms;  // whether it is to end
constexpr auto catches_up = 250ms;      // so much lateness does not lower the rate
constexpr std::size_t counted_together = 5'000;

/// How far a backfill is: what is needed to go on with it.
struct progress {
  library_part part;
  bool recheck = false;
  bool fallback = false;
  std::int64_t began_ms = 0;
  std::int64_t last = 0;  // rows up to here are done
  run_counts counts{};

  [[nodiscard]] bool same_work(progress const& other) const noexcept {
    return part == other.part && recheck == other.recheck && fallback == other.fallback;
  }
};

constexpr std::array kept_counts{&run_counts::scanned, &run_counts::enriched_match,
                                 &run_counts::enriched_match_raced, &run_counts::enriched_no_match,
                                 &run_counts::lml_error};

std::string to_text(progress const& p) {
  json::array counts;
  for (auto const member : kept_counts) counts.push_back(json::value(p.counts.*member));
  return json::serialize(json::object{{"index", p.part.index},
                                      {"count", p.part.count},
                                      {"recheck", p.recheck},
                                      {"fallback", p.fallback},
                                      {"began_ms", p.began_ms},
                                      {"last", p.last},
                                      {"counts", counts}});
}

std::optional<progress> from_text(std::string const& text) {
  boost::system::error_code error;
  auto const parsed = json::parse(text, error);
  if (error || !parsed.is_object()) return std::nullopt;
  try {
    progress out{.part = {parsed.at("index").as_int64(), parsed.at("count").as_int64()},
                 .recheck = parsed.at("recheck").as_bool(),
                 .fallback = parsed.at("fallback").as_bool(),
                 .began_ms = parsed.at("began_ms").as_int64(),
                 .last = parsed.at("last").as_int64()};
    for (std::size_t i = 0; i < kept_counts.size(); ++i) {
      out.counts.*kept_counts[i] = parsed.at("counts").as_array().at(i).as_int64();
    }
    return out;
  } catch (std::exception const&) {
    return std::nullopt;  // of another version: it is begun anew
  }
}

class backfill {
 public:
  explicit backfill(run_context& context)
      : context_(context),
        how_(context.request.library),
        settings_(context.settings.library),
        job_("library-artwork-url-backfill", context.reports, context.record.id),
        batch_size_(static_cast<std::size_t>(
            how_.batch_size > 0 ? how_.batch_size : std::int64_t{settings_.batch_size})),
        throttle_(how_.throttle_ms >= 0 ? std::chrono::milliseconds{how_.throttle_ms}
                                        : settings_.throttle),
        believed_(std::chrono::hours{24} * settings_.recheck_days) {}

  task<result<>> run() {
    if (context_.lookups == nullptr) {
      co_return job_.ended(fail(errc::config_invalid,
                                "no lookup service is configured: set library.lookup_url (or "
                                "LIBRARY_METADATA_URL) to its address"),
                           {});
    }
    auto outcome = co_await begin();
    if (outcome) outcome = co_await all_batches();
    bool const away = !outcome && outcome.error().code == errc::postgres_unavailable;
    auto const left = away ? result<>{} : co_await count_left();
    if (outcome && !left) outcome = left;
    if (!outcome && outcome.error().code == errc::postgres_unavailable) {
      put_off(outcome.error());
      outcome = {};
    }
    if (outcome && !stopped_ && !context_.draining) {
      outcome =
          co_await context_.facts.write([](database& db) { set_note(db, backfill_note, ""); });
    }
    co_return job_.ended(outcome, totals());
  }

 private:
  /// A row of the batch in hand, and what came of it.
  struct answer {
    library_question what;
    std::optional<std::string> url{};  // none: not answered
  };

  run_counts& counts() noexcept { return context_.counts(); }

  std::vector<log_field> totals() {
    auto const& c = counts();
    return {field("scanned", c.scanned),
            field("enriched_match", c.enriched_match),
            field("enriched_match_raced", c.enriched_match_raced),
            field("enriched_no_match", c.enriched_no_match),
            field("lml_error", c.lml_error),
            field("last_id", now_.last)};
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
    auto const before = *note ? from_text(**note) : std::nullopt;
    bool const goes_on = before && before->same_work(now_);
    if (goes_on) {
      now_ = *before;
      for (auto const member : kept_counts) counts().*member = before->counts.*member;
    }
    auto const partition = how_.part.count > 1
                               ? fmt::format("{}/{}", how_.part.index, how_.part.count)
                               : std::string{"none"};
    job_.started({field("batch_size", batch_size_), field("throttle_ms", throttle_.count()),
                  field("partition", partition), field("goes_on", goes_on),
                  field("last_id", now_.last)});
    co_return result<>{};
  }

  task<result<>> all_batches() {
    while (!context_.draining && !stopped_) {
      auto rows = co_await context_.library->bare_rows(how_.part, now_.last, batch_size_);
      if (!rows) co_return std::unexpected(rows.error());
      if (rows->empty()) co_return co_await settle_the_last();
      auto const upto = rows->back().id;
      auto const taken = co_await take_batch(std::move(*rows));
      if (!taken) co_return taken;
      auto const asked = co_await ask_all();
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
    batch_errors_ = 0;
    next_ = 0;
    for (auto& row : rows) {
      auto const it = known->find(row.id);
      answer one{std::move(row)};
      bool const usable = it != known->end() && !it->second.settled &&
                          (!it->second.url.empty() || is_believed(it->second));
      if (usable) {
        one.url = it->second.url;
        count(one);
      } else if (it != known->end() && it->second.settled && is_believed(it->second)) {
        continue;
      }
      batch_.push_back(std::move(one));
    }
    auto const adopted = co_await adopt_orphans(ids);
    if (!adopted) co_return adopted;
    auto& board = context_.board(run_step::library);
    board.pending = static_cast<std::int64_t>(
        std::ranges::count_if(batch_, [](answer const& one) { return !one.url; }));
    co_return result<>{};
  }

  /// Rows that took their artwork just before a crash, and were not counted any more: they are
  /// not bare now. `ids`: of the batch.
  task<result<>> adopt_orphans(std::vector<std::int64_t> ids) {
    settled_before_.clear();
    std::vector<std::int64_t> gone;
    auto const beyond = orphans_.upper_bound(ids.back());
    for (auto it = orphans_.begin(); it != beyond; ++it) {
      bool const ours = it->first % how_.part.count == how_.part.index;
      if (ours && !std::ranges::binary_search(ids, it->first)) gone.push_back(it->first);
    }
    auto const there = gone.empty() ? result<std::map<std::int64_t, std::string>>{}
                                    : co_await context_.library->artwork_of(gone);
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

  task<result<>> ask_all() {
    result<> outcome;
    auto const workers = std::min<std::size_t>(static_cast<std::size_t>(settings_.concurrency),
                                               std::max<std::size_t>(batch_.size(), 1));
    co_await with_group([&](task_group& group) -> task<bool> {
      for (std::size_t i = 0; i < workers; ++i) group.spawn("lookup", ask_some(outcome));
      co_return true;
    });
    context_.board(run_step::library).pending = 0;
    co_return outcome;
  }

  task<> ask_some(result<>& outcome) {
    auto& board = context_.board(run_step::library);
    while (next_ < batch_.size() && !stopped_ && !context_.draining) {
      auto& one = batch_[next_++];
      if (one.url) continue;
      co_await take_turn();
      if (stopped_ || context_.draining) break;
      --board.pending;
      ++board.active;
      auto const done = co_await ask(one);
      --board.active;
      if (!done) {
        stopped_ = true;
        if (outcome) outcome = done;
      }
    }
  }

  /// Lookups start in an even rhythm, whatever each takes.
  task<> take_turn() {
    auto const earliest = clock::now() - catches_up;
    turn_ = std::max(turn_, earliest);
    auto const at = turn_;
    turn_ += throttle_;
    while (at > clock::now() && !stopped_ && !context_.draining) {
      co_await sleep_until(std::min(at, clock::now() + looks_up_every));
    }
  }

  /// One row. A failure ends the run.
  task<result<>> ask(answer& one) {
    auto const trust = how_.accept_fallback ? artwork_trust::fallback : artwork_trust::strict;
    auto const& row = one.what;
    for (int waits = 0;; ++waits) {
      auto outcome = co_await context_.lookups->ask(row, trust, backfill_caller, no_deadline);
      if (outcome && !outcome->url.empty() && settings_.mirror) {
        auto own = co_await mirror(row, outcome->url);
        if (!own) {
          if (classify(own.error().code) == verdict::halt) co_return std::unexpected(own.error());
          lost(row, own.error());
          co_return result<>{};
        }
        outcome->url = std::move(*own);
      }
      if (outcome) {
        auto const kept =
            co_await context_.facts.write([id = row.id, url = outcome->url, at = to_ms(now())](
                                              database& db) { keep_lookup(db, id, url, at); });
        if (!kept) co_return kept;
        one.url = std::move(outcome->url);
        count(one);
        co_return result<>{};
      }
      auto const& why = outcome.error();
      if (classify(why.code) == verdict::halt) co_return std::unexpected(why);
      auto const rest =
          classify(why.code) == verdict::retry ? context_.lookups->blocked() : std::nullopt;
      bool const patient = waits < context_.settings.politeness.retries;
      if (rest && (patient || rest->code == errc::host_breaker_open)) {
        if (co_await wait_for(*rest)) continue;
        co_return result<>{};
      }
      lost(row, why);
      co_return result<>{};
    }
  }

  /// The address of our own copy; empty: what is there is no image that could be shown.
  task<result<std::string>> mirror(library_question const& row, std::string const& address) {
    mirror_tools const with{context_.settings, context_.web, context_.store, context_.cpu};
    auto own = co_await mirror_artwork(with, address, context_.draining);
    if (own || classify(own.error().code) != verdict::reject) co_return own;
    log(log_level::warn, "library", own.error().message, field("row_id", row.id),
        field("reason", own.error().code));
    co_return std::string{};
  }

  /// False: it takes too long, and the rest is put off.
  task<bool> wait_for(failure why) {
    auto const rest = why.retry_at ? *why.retry_at - now() : std::chrono::milliseconds{0};
    bool const short_rest = why.code == errc::host_cooling_down && why.retry_at &&
                            rest <= context_.settings.politeness.patience;
    if (short_rest && !stopped_ && !context_.draining) {
      co_await sleep_for(rest);
      co_return true;
    }
    if (stopped_) {
      ++counts().deferred;
    } else {
      put_off(why);
    }
    co_return false;
  }

  /// Nothing more is done now, and the run says what is to be done about it.
  void put_off(failure const& why) {
    stopped_ = true;
    ++counts().deferred;
    context_.remarks.push_back(why.message + "; run the backfill again: it goes on from here");
    job_.row_failed("lookup_error", why, {});
  }

  void count(answer const& one) {
    ++counts().scanned;
    ++context_.board(run_step::library).done;
    if (one.url->empty()) ++counts().enriched_no_match;
  }

  void lost(library_question const& row, failure const& why) {
    ++counts().scanned;
    ++counts().lml_error;
    ++batch_errors_;
    ++context_.board(run_step::library).failed;
    job_.row_failed(
        "lookup_error", why,
        {field("row_id", row.id), field("artist", row.artist), field("album", row.album)});
    run_error const told{
        .step = "library",
        .key = std::to_string(row.id),
        .url = {},
        .reason = std::string{name(why.code)},
        .message = fmt::format("row {} ({} - {}): {}", row.id, row.artist, row.album, why.message),
        .evidence = {},
        .attempts = 1};
    context_.facts.note([id = context_.record.id, told](database& db) {
      add_run_error(db, id, told, to_rfc3339(now()));
    });
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
    auto const filled = found.empty() ? result<library_filled>{}
                                      : co_await context_.library->fill_artwork(std::move(found));
    if (!filled) co_return std::unexpected(filled.error());
    auto const matched = static_cast<std::int64_t>(filled->taken.size());
    auto const refused = static_cast<std::int64_t>(filled->refused.size());
    counts().enriched_match += matched;
    counts().enriched_match_raced += sought - matched - refused;
    for (auto const& one : batch_) {
      auto const why = filled->refused.find(one.what.id);
      if (why == filled->refused.end()) continue;
      --counts().scanned;  // lost() counts it
      lost(one.what, failure{errc::postgres_refused, why->second});
    }
    bool const unfinished = stopped_ || context_.draining;
    if (!unfinished) now_.last = upto;
    now_.counts = counts();
    if (unfinished) {  // what failed in it is asked again
      now_.counts.scanned -= batch_errors_;
      now_.counts.lml_error -= batch_errors_;
    }
    co_return co_await context_.facts.write([answered, note = to_text(now_)](database& db) {
      settle_lookups(db, answered);
      set_note(db, backfill_note, note);
    });
  }

  /// Rows that are bare still and of which it is not known that there is nothing.
  task<result<>> count_left() {
    std::int64_t left = 0;
    for (std::int64_t after = 0;;) {
      auto const rows = co_await context_.library->bare_rows(how_.part, after, counted_together);
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
  std::size_t batch_size_;
  std::chrono::milliseconds throttle_;
  std::chrono::milliseconds believed_;
  progress now_;
  std::vector<answer> batch_;
  std::size_t next_ = 0;           // of the batch
  std::int64_t batch_errors_ = 0;  // of the batch
  std::map<std::int64_t, std::string> orphans_;
  std::vector<std::int64_t> settled_before_;
  bool stopped_ = false;  // nothing more is asked
  clock::time_point turn_ = clock::now();
};

}  // namespace

task<result<>> backfill_artwork(run_context& context) {
  backfill work{context};
  co_return co_await work.run();
}

}  // namespace vinny
