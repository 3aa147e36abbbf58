// SPDX-License-Identifier: MIT
#include "http/robots_cache.hpp"

#include <fmt/format.h>

#include "policy/classify.hpp"

namespace vinny {
namespace {

using namespace std::chrono_literals;

constexpr auto fresh_for = 24h;
constexpr auto usable_for = 24h * 30;
constexpr auto try_again_after = 5min;

bool is_success(int status) noexcept {
  return status >= 200 && status < 300;
}
bool is_answer(int status) noexcept {
  return is_success(status) || (status >= 400 && status < 500 && status != 429);
}

/// Frees the entry for the next asker, however the refresh ends.
class busy_mark {
 public:
  busy_mark(bool& flag, condition& ready) : flag_(flag), ready_(ready) { flag_ = true; }
  busy_mark(busy_mark const&) = delete;
  busy_mark& operator=(busy_mark const&) = delete;
  ~busy_mark() {
    flag_ = false;
    ready_.notify_all();
  }

 private:
  bool& flag_;
  condition& ready_;
};

}  // namespace

void robots_cache::adopt(entry& place, robots_record const& record) {
  place.rules = std::make_shared<robots_rules const>(
      is_success(record.status) ? robots_rules::parse(record.body) : robots_rules::allow_all());
  place.fetched_at = record.fetched_at;
  place.expires = record.fetched_at + fresh_for;
}

task<result<>> robots_cache::refresh(std::string origin, url target, fetcher fetch,
                                     std::shared_ptr<entry> place) {
  busy_mark const mark{place->busy, place->ready};
  auto const kept = memory_ != nullptr && !place->rules ? memory_->robots(origin) : std::nullopt;
  if (kept && kept->fetched_at + fresh_for > now()) {
    adopt(*place, *kept);
    co_return result<>{};
  }
  auto const answer = co_await fetch(target.with_path("/robots.txt"));
  if (answer && is_answer(answer->status)) {
    robots_record const record{.status = answer->status,
                               .body = is_success(answer->status) ? answer->body : "",
                               .fetched_at = now()};
    adopt(*place, record);
    if (memory_ != nullptr) memory_->keep_robots(origin, record);
    co_return result<>{};
  }
  bool const not_ours = !answer && classify(answer.error().code) != verdict::retry;
  bool const must_wait = !answer && answer.error().retry_at.has_value();
  if (not_ours || must_wait) co_return std::unexpected(answer.error());
  if (kept && !place->rules) adopt(*place, *kept);
  if (place->rules && place->fetched_at + usable_for > now()) {
    place->expires = now() + try_again_after;
    co_return result<>{};
  }
  failure why{
      errc::robots_unreachable,
      fmt::format("{}/robots.txt: {}; nothing is fetched from there until it can be read", origin,
                  answer ? fmt::format("status {}", answer->status) : answer.error().message)};
  // Soon enough for the item's next attempt; the full disallow holds all the while.
  co_return std::unexpected(std::move(why));
}

task<result<std::shared_ptr<robots_rules const>>> robots_cache::rules(url target, fetcher fetch,
                                                                      deadline limit) {
  auto const origin = target.origin();
  auto& slot = entries_[origin];
  if (!slot) slot = std::make_shared<entry>();
  auto const place = slot;
  bool waited = false;
  while (place->busy) {
    waited = true;
    if (!co_await place->ready.wait(limit) && place->busy) {
      co_return fail(errc::robots_unreachable,
                     fmt::format("{}/robots.txt: still being fetched", origin));
    }
  }
  if (!place->rules || place->expires <= now()) {
    if (waited && place->trouble) co_return std::unexpected(*place->trouble);
    place->trouble.reset();
    auto const refreshed = co_await refresh(origin, target, std::move(fetch), place);
    if (!refreshed) {
      place->trouble = refreshed.error();
      co_return std::unexpected(refreshed.error());
    }
  }
  co_return place->rules;
}

}  // namespace vinny
