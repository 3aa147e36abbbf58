// SPDX-License-Identifier: MIT
#include "library/stages/batch_lookups.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "catalog/runs.hpp"
#include "library/model/library_counts.hpp"
#include "library/model/library_settings.hpp"
#include "library/source/lookup_service.hpp"
#include "library/stages/artwork_mirror.hpp"
#include "library/stages/library_gear.hpp"
#include "library/stages/library_job.hpp"
#include "library/tables/lookups.hpp"
#include "policy/classify.hpp"
#include "task/task_group.hpp"

namespace vinny {
namespace {

using namespace std::chrono_literals;

constexpr auto looks_up_every = 200ms;  // whether it is to end
constexpr auto catches_up = 250ms;      // so much lateness does not lower the rate

}  // namespace

batch_lookups::batch_lookups(run_context& context, batch_job& job)
    : context_(context),
      how_(context.asked<backfill_job>().wish),
      settings_(context.settings.of<library_config>()),
      job_(job),
      throttle_(how_.throttle_ms >= 0 ? std::chrono::milliseconds{how_.throttle_ms}
                                      : settings_.throttle) {}

task<result<>> batch_lookups::ask_all(std::vector<asked_row>& batch) {
  batch_ = &batch;
  next_ = 0;
  result<> outcome;
  auto const workers = std::min<std::size_t>(static_cast<std::size_t>(settings_.concurrency),
                                             std::max<std::size_t>(batch.size(), 1));
  co_await with_group([&](task_group& group) -> task<bool> {
    for (std::size_t i = 0; i < workers; ++i) group.spawn("lookup", ask_some(outcome));
    co_return true;
  });
  context_.board(step::library).pending = 0;
  co_return outcome;
}

task<> batch_lookups::ask_some(result<>& outcome) {
  auto& board = context_.board(step::library);
  while (next_ < batch_->size() && !stopped_ && !context_.draining) {
    auto& one = (*batch_)[next_++];
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

task<> batch_lookups::take_turn() {
  auto const earliest = clock::now() - catches_up;
  turn_ = std::max(turn_, earliest);
  auto const at = turn_;
  turn_ += throttle_;
  while (at > clock::now() && !stopped_ && !context_.draining) {
    co_await sleep_until(std::min(at, clock::now() + looks_up_every));
  }
}

task<result<>> batch_lookups::ask(asked_row& one) {
  auto const trust = how_.accept_fallback ? artwork_trust::fallback : artwork_trust::strict;
  auto const& row = one.what;
  for (int waits = 0;; ++waits) {
    auto outcome = co_await context_.outside->gear<library_gear>().lookups->ask(
        row, trust, backfill_caller, no_deadline);
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
    auto const rest = classify(why.code) == verdict::retry
                          ? context_.outside->gear<library_gear>().lookups->blocked()
                          : std::nullopt;
    bool const patient = waits < context_.settings.politeness.retries;
    if (rest && (patient || rest->code == errc::host_breaker_open)) {
      if (co_await wait_for(*rest)) continue;
      co_return result<>{};
    }
    lost(row, why);
    co_return result<>{};
  }
}

task<result<std::string>> batch_lookups::mirror(library_question const& row,
                                                std::string const& address) {
  mirror_tools const with{context_.settings, context_.web, context_.store, context_.cpu};
  auto own = co_await mirror_artwork(with, address, context_.draining);
  if (own || classify(own.error().code) != verdict::reject) co_return own;
  log(log_level::warn, "library", own.error().message, field("row_id", row.id),
      field("reason", own.error().code));
  co_return std::string{};
}

task<bool> batch_lookups::wait_for(failure why) {
  auto const rest = why.retry_at ? *why.retry_at - now() : std::chrono::milliseconds{0};
  bool const short_rest = why.code == errc::host_cooling_down && why.retry_at &&
                          rest <= context_.settings.politeness.patience;
  if (short_rest && !stopped_ && !context_.draining) {
    co_await sleep_for(rest);
    co_return true;
  }
  if (stopped_) {
    ++context_.deferred;
  } else {
    put_off(why);
  }
  co_return false;
}

void batch_lookups::put_off(failure const& why) {
  stopped_ = true;
  ++context_.deferred;
  context_.remarks.push_back(why.message + "; run the backfill again: it goes on from here");
  job_.row_failed("lookup_error", why, {});
}

void batch_lookups::count(asked_row const& one) {
  ++context_.counts<library_counts>().scanned;
  ++context_.board(step::library).done;
  if (one.url->empty()) ++context_.counts<library_counts>().enriched_no_match;
}

void batch_lookups::lost(library_question const& row, failure const& why) {
  ++context_.counts<library_counts>().scanned;
  ++context_.counts<library_counts>().lml_error;
  ++errors_;
  ++context_.board(step::library).failed;
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

}  // namespace vinny
