// SPDX-License-Identifier: MIT
#include "specimens/stages/specimen_stage.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "catalog/notes.hpp"
#include "core/text.hpp"
#include "policy/classify.hpp"
#include "specimens/model/specimen_counts.hpp"
#include "specimens/source/specimen_failure.hpp"
#include "specimens/stages/ingest_note.hpp"
#include "specimens/stages/specimen_keep.hpp"
#include "specimens/tables/specimen_list.hpp"
#include "task/offload.hpp"

namespace vinny {
namespace {

/// Whoever waits, for the turn of a host or for the disk, holds no bytes: many may.
constexpr std::size_t most_fetchers = 4096;
constexpr int fetchers_per_request = 32;
/// So much of a host's work is in hand that its pace does not wait for the disk or the catalog.
constexpr std::chrono::milliseconds in_hand_lasts{600};
constexpr std::size_t most_without_pace = 500;
constexpr std::chrono::milliseconds between_glances{200};

/// Until when a host is to be left alone by what is kept of it; 0: it is not.
std::int64_t rests_until(lane_state const& state) {
  return std::max(to_ms(state.cooldown_until.value_or(instant{})),
                  to_ms(state.breaker_until.value_or(instant{})));
}

}  // namespace

task<result<>> specimen_stage::open() {
  if (auto const reopened = co_await reopening_.begin(); !reopened) co_return reopened;
  struct ground {
    std::vector<specimen_host> hosts;
    std::vector<known_host> known;
    std::string reset_at;
  };
  auto const found = co_await context_.facts.read([](database& db) {
    return ground{hosts_with_pending(db), read_hosts(db), read_note(db, reset_note).value_or("")};
  });
  if (!found) co_return std::unexpected(found.error());
  std::map<std::string, lane_state> known;
  for (auto const& one : found->known) known.emplace(one.name, one.state);
  hosts_.emplace(found->hosts, [&settings = context_.settings,
                                known = std::move(known)](std::string const& host) {
    auto const pace = settings.politeness_of(host);
    auto const at = known.find(host);
    auto const set = at == known.end() ? lane_state{} : at->second;
    auto const delay = set.set_delay.value_or(pace.delay);
    auto const ahead =
        delay.count() > 0 ? static_cast<std::size_t>(in_hand_lasts / delay) : most_without_pace;
    return static_cast<std::size_t>(set.set_concurrency.value_or(pace.concurrency)) +
           std::clamp<std::size_t>(ahead, 1, most_without_pace);
  });
  if (auto const reset = from_rfc3339(found->reset_at)) {
    fetch_.adopt_from(std::chrono::file_clock::from_sys(*reset));
  }
  co_return result<>{};
}

int specimen_stage::workers() const {
  // Retries of hosts without pending images need some, too.
  auto const requests = static_cast<std::size_t>(context_.settings.http.concurrency);
  auto const most = std::min(most_fetchers, requests * fetchers_per_request);
  return static_cast<int>(std::clamp(hosts_->room(most), std::min(requests + 16, most), most));
}

task<result<std::vector<specimen_job>>> specimen_stage::read_work(std::size_t most) {
  struct work {
    std::vector<specimen_hosts::wish> wishes;
    std::vector<std::vector<specimen_job>> stocks;
    std::vector<specimen_job> again;
    std::vector<known_host> hosts;
  };
  if (auto const looked = co_await reopening_.look(); !looked) {
    co_return std::unexpected(looked.error());
  }
  if (std::exchange(came_back_, context_.came_back) != context_.came_back) {
    auto const all =
        co_await context_.facts.read([](database& db) { return hosts_with_pending(db); });
    if (!all) co_return std::unexpected(all.error());
    hosts_->read_again(*all);
  }
  auto const at = to_ms(now());
  auto wishes = hosts_->wishes(at);
  bool const look = clock::now() >= next_look_;
  if (wishes.empty() && !look) co_return std::vector<specimen_job>{};
  released_.clear();
  // Those in hand may be due in the catalog still.
  auto const asked = look ? most + again_.size() : 0;
  auto found = co_await context_.facts.read(
      [wishes = std::move(wishes), at, asked, after = looked_to_](database& db) {
        work out{.wishes = wishes, .stocks = {}, .again = {}, .hosts = {}};
        for (auto const& one : wishes) {
          out.stocks.push_back(pending_images(db, one.host, one.after, one.limit));
        }
        if (asked > 0) {
          out.again = due_again(db, at, after, asked);
          out.hosts = read_hosts(db);
        }
        return out;
      });
  if (!found) co_return std::unexpected(found.error());
  if (!found->stocks.empty()) {
    found->stocks = co_await on_cpu(
        context_, [files = context_.files, stocks = std::move(found->stocks)]() mutable {
          for (auto& stock : stocks) mark_kept(files, stock);
          return std::move(stocks);
        });
  }
  // What was read may have been done with since.
  auto const done_since = [this](specimen_job const& job) {
    return released_.contains(job.id.number());
  };
  for (std::size_t i = 0; i < found->wishes.size(); ++i) {
    hosts_->stock(found->wishes[i], std::move(found->stocks[i]), done_since);
  }
  if (look) {
    update_hosts(found->hosts);
    next_look_ = clock::now() + between_glances;
    // The next look begins behind what this one saw, or at the beginning.
    bool const full = found->again.size() >= asked;
    looked_to_ = full ? std::pair{found->again.back().due_ms, found->again.back().id.number()}
                      : std::pair<std::int64_t, std::int64_t>{};
    refused_to_ms_ = full ? 0 : at;  // until claim() can take one
  }
  std::erase_if(found->again, [&](specimen_job const& job) {
    return again_.contains(job.id.number()) || done_since(job);
  });
  co_return std::move(found->again);
}

void specimen_stage::update_hosts(std::vector<known_host> const& hosts) {
  std::vector<std::string> quarantined;
  std::map<std::string_view, std::int64_t> rests;
  for (auto const& [name, state] : hosts) {
    if (state.record.quarantined_at) quarantined.push_back(name);
    rests[name] = rests_until(state);
  }
  hosts_->quarantine(quarantined);
  hosts_->rests_end_early([&](std::string const& name) {
    auto const known = rests.find(name);
    return known == rests.end() ? 0 : known->second;
  });
}

task<result<std::vector<specimen_job>>> specimen_stage::claim(std::size_t limit) {
  // Half of the window at most, so that what is new goes on too.
  auto const most_again = limit / 2 + 1;
  auto again = co_await read_work(most_again);
  if (!again) co_return again;
  std::vector<specimen_job> out;
  auto const at = to_ms(now());
  for (auto& job : *again) {
    if (out.size() == most_again) break;
    if (!hosts_->take(job, at)) continue;
    refused_to_ms_ = 0;
    again_.insert(job.id.number());
    out.push_back(std::move(job));
  }
  while (out.size() < limit) {
    auto job = hosts_->take(at);
    if (!job) break;
    out.push_back(std::move(*job));
  }
  co_return out;
}

void specimen_stage::release(specimen_job const& job) {
  again_.erase(job.id.number());
  released_.insert(job.id.number());
  hosts_->released(job);
}

int specimen_stage::attempts_allowed(specimen_job const&) const {
  return context_.settings.politeness.retries + 1;
}

task<result<work_outlook>> specimen_stage::outlook() {
  auto const at = to_ms(now());
  auto const found = co_await context_.facts.read(
      [seen = refused_to_ms_](database& db) { return outlook_of(db, seen); });
  if (!found) co_return std::unexpected(found.error());
  work_outlook out{found->pending + found->waiting, 0};
  if (hosts_->any_open(at)) co_return out;
  auto next = hosts_->next_rest_ends(at);
  if (found->waiting > 0) {
    auto due = found->next_due_ms;
    // What was due at the last look is of hosts that rest: until the first of them has rested, or
    // what was not due then is.
    if (due <= refused_to_ms_ && hosts_->in_hand() == 0) {
      due = std::min(hosts_->first_rest_ends().value_or(at),
                     found->later_due_ms > 0 ? found->later_due_ms : INT64_MAX);
    }
    next = std::min(next.value_or(INT64_MAX), due);
  }
  if (next) {
    out.next_due_ms = *next;
  } else {
    out.pending = static_cast<std::int64_t>(
        hosts_->in_hand());  // the others belong to hosts this run does not know
  }
  co_return out;
}

task<result<fetched_specimen>> specimen_stage::run(specimen_job const& job, deadline limit) {
  return fetch_.get(job, limit);
}

task<result<>> specimen_stage::finish(specimen_job const& job, fetched_specimen out) {
  bool const fetched = out.draft.has_value();
  auto const recorded =
      co_await shelf_.put({job.id, std::move(out.host), std::move(out.file)}, std::move(out.draft));
  out.place.release();
  if (!recorded) co_return std::unexpected(recorded.error());
  if (!*recorded) co_return result<>{};  // a newer list does not name it any more
  ++(fetched ? context_.counts<specimen_counts>().specimens_fetched
             : context_.counts<specimen_counts>().specimens_adopted);
  context_.waker(step::upload).notify_all();
  co_return co_await reopening_.came(job);
}

task<result<>> specimen_stage::postpone(specimen_job const& job, failure const& why, int attempts,
                                        std::int64_t due_ms) {
  if (is_deferral(why.code) && again_.contains(job.id.number())) {
    if (why.evidence == job.host_name) hosts_->rest(job.host, due_ms);
    co_return co_await context_.facts.write(
        [id = job.id, due_ms](database& db) { specimen_put_off(db, id, due_ms); });
  }
  if (is_deferral(why.code) && why.evidence == job.host_name) {
    // The image is as it was; its host is left alone.
    hosts_->put_back(job, due_ms);
    co_return result<>{};
  }
  co_return co_await context_.facts.write(
      [job, why, attempts, due_ms, at = to_ms(now())](database& db) {
        auto const corrupt = why.code == errc::image_corrupt ? why.evidence : job.corrupt_sha256;
        specimen_failed(db, job, specimen_state::failed_transient,
                        {.reason = failure_type(why),
                         .http_status = why.http_status,
                         .detail = valid_utf8(why.message),
                         .corrupt_sha256 = corrupt,
                         .attempts = attempts,
                         .due_ms = due_ms},
                        at);
      });
}

task<result<bool>> specimen_stage::give_up(specimen_job const& job, failure const& why,
                                           int attempts) {
  bool const for_good = classify(why.code) == verdict::reject;
  if (for_good) instruments::global().image_rejected(why.code).add();
  auto const recorded = co_await context_.facts.write(
      [job, for_good, refusal = refusal_of(why, job, context_.settings, attempts),
       at = to_ms(now())](database& db) {
        specimen_failed(db, job,
                        for_good ? specimen_state::failed_permanent : specimen_state::exhausted,
                        refusal, at);
      });
  if (!recorded) co_return std::unexpected(recorded.error());
  ++context_.counts<specimen_counts>().specimens_failed;
  co_return true;
}

task<result<>> download_specimens(run_context& context) {
  auto const ready = co_await context.facts.read([](database& db) { return has_work_list(db); });
  if (!ready) co_return std::unexpected(ready.error());
  if (!*ready) {
    co_return fail(errc::config_invalid,
                   "an ingest was cut off: finish it first, by `vinny specimens ingest` as before");
  }
  specimen_stage stage{context};
  if (auto const opened = co_await stage.open(); !opened) co_return opened;
  co_return co_await with_group([&](task_group& side) -> task<result<>> {
    for (int i = 0; i < 2; ++i) side.spawn("specimen shelf", stage.shelf().serve());
    auto out = co_await run_stage(context, stage,
                                  {.workers = stage.workers(),
                                   .patience = context.settings.politeness.patience,
                                   .fetches = true});
    side.cancel();
    co_return out;
  });
}

}  // namespace vinny
