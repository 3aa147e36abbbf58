// SPDX-License-Identifier: MIT
#include "library/stages/library_search.hpp"

#include <algorithm>

#include "library/model/library_rank.hpp"
#include "library/model/library_settings.hpp"
#include "library/stages/artwork_mirror.hpp"
#include "library/stages/library_gear.hpp"
#include "library/tables/lookups.hpp"
#include "observe/log.hpp"
#include "policy/classify.hpp"

namespace vinny {
namespace {

constexpr std::size_t most_looked_at = 120;         // rows that are ranked
constexpr std::chrono::minutes learns_every{5};     // words of new rows
constexpr std::chrono::hours believed_at_least{1};  // a search is no new run
constexpr std::chrono::seconds remembered{3};       // by searches that read their rows before
constexpr std::size_t most_lookups = 64;            // at the same time, of all searches

}  // namespace

task<std::vector<library_question>> library_search::worth_asking(
    std::shared_ptr<world> outside, std::vector<library_hit> const& hits) {
  std::vector<library_question> out;
  if (!outside->gear<library_gear>().lookups || outside->gear<library_gear>().lookups->blocked())
    co_return out;
  std::vector<std::int64_t> ids;
  for (auto const& one : hits) {
    if (one.can_ask) ids.push_back(one.what.id);
  }
  if (ids.empty()) co_return out;
  auto const known =
      co_await work_.facts().read([ids](database& db) { return kept_lookups(db, ids); });
  if (!known) co_return out;
  auto const believed =
      std::max(believed_at_least,
               std::chrono::hours{24} * outside->settings->of<library_config>().recheck_days);
  auto const since = to_ms(now() - believed);
  for (auto const& one : hits) {
    auto const it = known->find(one.what.id);
    bool const none = it != known->end() && it->second.checked_ms >= since;
    if (one.can_ask && !none) out.push_back(one.what);
  }
  co_return out;
}

task<> library_search::perform(std::shared_ptr<world> outside, library_question what,
                               std::shared_ptr<lookup> into) {
  auto outcome = co_await outside->gear<library_gear>().lookups->ask(what, artwork_trust::strict,
                                                                     search_caller, no_deadline);
  if (outcome && !outcome->url.empty() && outside->settings->of<library_config>().mirror) {
    auto own = co_await mirror_artwork(
        {*outside->settings, outside->web, *outside->store, work_.cpu()}, outcome->url, stopped_);
    if (own) {
      outcome->url = std::move(*own);
    } else if (classify(own.error().code) == verdict::reject) {
      outcome->url.clear();  // it is no image that could be shown
    } else {
      outcome = std::unexpected(own.error());
    }
  }
  result<> kept;
  if (outcome && !outcome->url.empty()) {
    into->url = outcome->url;
    std::vector<library_find> found{{what.id, outcome->url}};
    auto const filled = co_await outside->gear<library_gear>().rows->fill_artwork(std::move(found));
    if (!filled) kept = std::unexpected(filled.error());
    if (filled && !filled->refused.empty()) {
      kept = fail(errc::postgres_refused, filled->refused.begin()->second);
    }
  } else if (outcome) {
    kept = co_await work_.facts().write([id = what.id, at = to_ms(now())](database& db) {
      keep_lookup(db, id, {}, at);
      settle_lookups(db, {id});
    });
  } else {
    kept = std::unexpected(outcome.error());
  }
  if (!kept && kept.error().code != errc::cancelled) {
    log(is_deferral(kept.error().code) ? log_level::debug : log_level::warn, "library",
        "a lookup for a search failed: " + kept.error().message, field("row_id", what.id),
        field("reason", kept.error().code));
  }
  into->done = true;
  into->ended = clock::now();
  --in_flight_;
  news_.notify_all();
}

void library_search::look_up(std::shared_ptr<world> outside, library_question what) {
  auto const id = what.id;
  std::erase_if(recent_, [before = clock::now() - remembered](auto const& one) {
    return one.second->done && one.second->ended < before;
  });
  if (recent_.contains(id) || in_flight_ >= most_lookups) return;
  auto into = std::make_shared<lookup>();
  recent_.emplace(id, into);
  ++in_flight_;
  lookups_.spawn("lookup for a search",
                 perform(std::move(outside), std::move(what), std::move(into)));
}

task<> library_search::learn(std::shared_ptr<world> outside) {
  auto const learned = co_await outside->gear<library_gear>().rows->index_new_words();
  if (!learned && learned.error().code != errc::cancelled) {
    log(log_level::warn, "library",
        "words for searches were not brought up to date: " + learned.error().message,
        field("reason", learned.error().code));
  }
}

task<result<std::vector<found_row>>> library_search::find(std::string query, std::size_t most) {
  auto const outside = work_.hold_outside();
  auto const until = within(outside->settings->of<library_config>().enrichment_budget);
  auto const asked_for = read_query(query);
  if (clock::now() >= learns_at_) {
    learns_at_ = clock::now() + learns_every;
    lookups_.spawn("words of the library", learn(outside));
  }
  auto hits = co_await outside->gear<library_gear>().rows->search(asked_for, most_looked_at);
  if (!hits) co_return std::unexpected(hits.error());
  rank_hits(*hits, asked_for, most);

  std::map<std::int64_t, std::shared_ptr<lookup>> mine;
  for (auto& one : co_await worth_asking(outside, *hits)) {
    auto const id = one.id;
    look_up(outside, std::move(one));
    if (auto const it = recent_.find(id); it != recent_.end()) mine.emplace(id, it->second);
  }
  auto const all_done = [&mine] {
    return std::ranges::all_of(mine, [](auto const& one) { return one.second->done; });
  };
  bool const waits = outside->settings->of<library_config>().enrichment_budget.count() > 0;
  while (waits && !all_done() && clock::now() < until) co_await news_.wait(until);

  std::vector<found_row> out;
  for (auto& hit : *hits) {
    auto const it = mine.find(hit.what.id);
    bool const asked = it != mine.end();
    if (asked && it->second->done) hit.artwork_url = it->second->url;
    bool const pending = asked && !it->second->done;
    out.push_back({std::move(hit), pending});
  }
  co_return out;
}

task<> library_search::stop() {
  stopped_ = true;
  lookups_.cancel();
  co_await lookups_.join();
}

}  // namespace vinny
