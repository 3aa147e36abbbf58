// SPDX-License-Identifier: MIT
#include "http/robots_cache.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "policy/classify.hpp"

namespace vinny {
namespace {

using namespace std::chrono_literals;

constexpr auto fresh_for = 24h;
constexpr auto usable_for = 24h * 30;
constexpr auto try_again_after = 5min;

bool is_answer(int status) noexcept {
  return is_success(status) || (status >= 400 && status < 500 && status != 429);
}

/// RFC 9309, sections 2.3.1.2 and 2.3.1.3: where redirects lead to no robots.txt there is none.
bool leads_nowhere(failure const& why) noexcept {
  return why.code == errc::too_many_redirects || why.code == errc::redirect_broken ||
         why.code == errc::redirect_downgrade ||
         (why.code == errc::http_unexpected && why.http_status / 100 == 3);
}
constexpr int none_there = 404;

/// No answer began: it is the host that cannot be reached, whatever is asked of it.
bool is_out_of_reach(errc code) noexcept {
  switch (code) {
    case errc::dns_failure:
    case errc::dns_not_found:
    case errc::resolve_timeout:
    case errc::connect_failed:
    case errc::connect_timeout:
    case errc::tls_failed:
    case errc::tls_certificate:
    case errc::tls_timeout:
    case errc::first_byte_timeout:
    case errc::connection_lost:
    case errc::proxy_failed:
      return true;
    default:
      return false;
  }
}

/// A clock that was ahead when it was written makes nothing fresh.
bool is_fresh(instant fetched_at, instant at) noexcept {
  return fetched_at <= at && at < fetched_at + fresh_for;
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
  place.fetched_at = std::min(record.fetched_at, now());
  place.expires = place.fetched_at + fresh_for;
}

task<result<>> robots_cache::refresh(std::string origin, url target, fetcher fetch,
                                     std::shared_ptr<entry> place) {
  busy_mark const mark{place->busy, place->ready};
  auto const kept = memory_ != nullptr && !place->rules ? memory_->robots(origin) : std::nullopt;
  if (kept && is_fresh(kept->fetched_at, now())) {
    adopt(*place, *kept);
    co_return result<>{};
  }
  auto const answer = co_await fetch(target.with_path("/robots.txt"));
  bool const nowhere = !answer && leads_nowhere(answer.error());
  if (nowhere || (answer && is_answer(answer->status))) {
    auto const status = answer ? answer->status : none_there;
    robots_record const record{
        .status = status, .body = is_success(status) ? answer->body : "", .fetched_at = now()};
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
  // Soon enough for the item's next attempt; the full disallow holds all the while. What keeps us
  // from the host keeps us from the item, and is called by its name.
  if (!answer && is_out_of_reach(answer.error().code)) co_return std::unexpected(answer.error());
  auto const why = answer ? fmt::format("{}/robots.txt: status {}", origin, answer->status)
                          : answer.error().message;
  co_return fail(errc::robots_unreachable,
                 why + "; nothing is fetched from there until it can be read");
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
  if (!place->rules || place->expires <= now() || place->fetched_at > now()) {
    // One question for all who waited; but what would cost each of them its image is asked again,
    // so that it counts against the host and the rest of them wait.
    if (waited && place->trouble && classify(place->trouble->code) == verdict::retry) {
      co_return std::unexpected(*place->trouble);
    }
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
