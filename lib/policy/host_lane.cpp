// SPDX-License-Identifier: MIT
#include "policy/host_lane.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "policy/retry_after.hpp"

namespace vinny {

using std::chrono::milliseconds;

void host_lane::set_crawl_delay(std::optional<milliseconds> delay) noexcept {
  bool const sane = delay && *delay > milliseconds{0} && *delay <= longest_crawl_delay;
  crawl_delay_ = sane ? *delay : milliseconds{0};
}

milliseconds host_lane::delay() const noexcept {
  return pace_.stretched(std::max(set_delay_.value_or(limits_.delay), crawl_delay_));
}

host_lane::time_point host_lane::next_start(time_point now) const noexcept {
  return last_start_ ? std::max(now, *last_start_ + delay()) : now;
}

void host_lane::started(time_point written_at, clock::duration slack) noexcept {
  // Without a pace there is nothing to keep.
  auto const start = delay() > milliseconds{0} ? written_at + slack : written_at;
  last_start_ = last_start_ ? std::max(*last_start_, start) : start;
}

void host_lane::arrived(time_point at) noexcept {
  if (last_start_) last_start_ = std::min(*last_start_, at);
}

void host_lane::cool_down(instant until) noexcept {
  cooldown_until_ = cooldown_until_ ? std::max(*cooldown_until_, until) : until;
}

std::optional<lane_block> host_lane::blocked(instant now) const noexcept {
  bool const cooling = cooldown_until_ && now < *cooldown_until_;
  bool const open = breaker_until_ && now < *breaker_until_;
  if (open && (!cooling || *breaker_until_ > *cooldown_until_)) {
    return lane_block{*breaker_until_, errc::host_breaker_open, probe_since_.has_value()};
  }
  if (cooling) return lane_block{*cooldown_until_, errc::host_cooling_down};
  return std::nullopt;
}

std::optional<instant> host_lane::blocked_until(instant now) const noexcept {
  auto const block = blocked(now);
  return block ? std::optional{block->until} : std::nullopt;
}

breaker_state host_lane::breaker(instant now) const noexcept {
  if (!breaker_until_) return breaker_state::closed;
  return probe_since_ || now >= *breaker_until_ ? breaker_state::half_open : breaker_state::open;
}

bool host_lane::may_probe(instant now) const noexcept {
  return breaker_until_ && !blocked(now);
}

void host_lane::probe_started(instant now) noexcept {
  if (!breaker_until_) return;
  probe_since_ = now;
  breaker_until_ = now + rest();
}

void host_lane::probe_abandoned() noexcept {
  if (probe_since_) breaker_until_ = std::exchange(probe_since_, std::nullopt);
}

void host_lane::change(host_change const& how, instant now) noexcept {
  if (how.release) {
    released_at_ = now;
    cooldown_until_.reset();
    breaker_until_.reset();
    probe_since_.reset();
    failures_ = 0;
    pace_ = {};
    record_ = {};
  }
  if (how.delay.made) set_delay_ = how.delay.value;
  if (how.concurrency.made) set_concurrency_ = how.concurrency.value;
}

int host_lane::concurrency() const noexcept {
  return std::min(set_concurrency_.value_or(limits_.concurrency),
                  std::max(1, threshold() - failures_));
}

void host_lane::succeeded() noexcept {
  record_.succeeded();
  failures_ = 0;
  breaker_until_.reset();
  probe_since_.reset();
}

void host_lane::failed(instant now) noexcept {
  record_.failed(now, limits_.quarantine);
  if (!probe_since_ && breaker_until_ && now < *breaker_until_) return;
  if (failures_ < std::numeric_limits<int>::max()) ++failures_;
  probe_since_.reset();
  if (breaker_until_ || failures_ >= threshold()) breaker_until_ = now + rest();
}

lane_state host_lane::state() const noexcept {
  // A probe does not survive a restart: what is kept is the moment from which one may be sent.
  return {.cooldown_until = cooldown_until_,
          .breaker_until = probe_since_ ? probe_since_ : breaker_until_,
          .consecutive_failures = failures_,
          .record = record_,
          .set_delay = set_delay_,
          .set_concurrency = set_concurrency_,
          .released_at = released_at_};
}

bool lane_state::has_news(lane_state const& before) const noexcept {
  constexpr std::int64_t many_answers = 1'000;
  if (record.answers >= before.record.answers + many_answers) return true;
  auto const without_answers = [](lane_state one) {
    one.record.answers = 0;
    one.record.streak = 0;
    return one;
  };
  return without_answers(*this) != without_answers(before);
}

lane_state lane_state::believable(instant now, milliseconds longest_breaker_rest) const noexcept {
  auto out = *this;
  if (cooldown_until > now + longest_retry_after) out.cooldown_until.reset();
  if (breaker_until > now + longest_breaker_rest) out.breaker_until = now;
  if (record.quarantined_at > now) out.record.quarantined_at = now;
  if (released_at > now) out.released_at = now;
  return out;
}

void host_lane::restore(lane_state const& kept, instant now) noexcept {
  auto const state = kept.believable(now, longest_breaker_rest(limits_));
  cooldown_until_ = state.cooldown_until;
  breaker_until_ = state.breaker_until;
  probe_since_.reset();
  failures_ = std::max(0, state.consecutive_failures);
  record_ = state.record;
  set_delay_ = state.set_delay;
  set_concurrency_ = state.set_concurrency;
  released_at_ = state.released_at;
}

milliseconds host_lane::longest_breaker_rest(lane_limits const& limits) noexcept {
  return std::max<milliseconds>(longest_rest, limits.breaker_rest);
}

int host_lane::threshold() const noexcept {
  return std::max(1, limits_.breaker_failures);
}

// The number of failures beyond the threshold is the number of doublings, so the persisted
// state needs no further field.
milliseconds host_lane::rest() const noexcept {
  auto length = std::max(milliseconds{1}, limits_.breaker_rest);
  auto const cap = longest_breaker_rest(limits_);
  for (int extra = failures_ - threshold(); extra > 0 && length < cap; --extra) length *= 2;
  return std::min(length, cap);
}

}  // namespace vinny
