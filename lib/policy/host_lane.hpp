// SPDX-License-Identifier: MIT
//
// The state of one domain, as pure values: when the next request may start, how long the host
// wants to be left alone, and whether its breaker is open. Waiting, slots and persistence are
// the caller's. Pacing runs on the steady clock; what survives a restart on the wall clock.
#pragma once

#include <chrono>
#include <optional>

#include "core/errc.hpp"
#include "core/time.hpp"
#include "policy/pace.hpp"
#include "policy/quarantine.hpp"

namespace vinny {

struct lane_limits {
  std::chrono::milliseconds delay{200};  // from one request to the next
  int concurrency = 2;                   // requests in flight; enforced by the caller
  int breaker_failures = 10;             // counted failures in a row that open the breaker
  std::chrono::milliseconds breaker_rest{30'000};
  quarantine_limits quarantine{};

  friend bool operator==(lane_limits const&, lane_limits const&) = default;
};

/// What is kept over a restart. Default-constructed: a host without a past.
struct lane_state {
  std::optional<instant> cooldown_until{};
  std::optional<instant> breaker_until{};
  int consecutive_failures = 0;
  host_record record{};
  /// What the operator wants instead of the configuration.
  std::optional<std::chrono::milliseconds> set_delay{};
  std::optional<int> set_concurrency{};
  std::optional<instant> released_at{};  // by the operator, the last time

  /// Without what no rule could have given by now: a clock was ahead when it was written down.
  [[nodiscard]] lane_state believable(
      instant now, std::chrono::milliseconds longest_breaker_rest) const noexcept;
  /// Whether something is to be kept that `before` does not say; answers alone are not.
  [[nodiscard]] bool has_news(lane_state const& before) const noexcept;
  friend bool operator==(lane_state const&, lane_state const&) = default;
};

struct lane_block {
  instant until;
  errc reason;          // host_cooling_down or host_breaker_open
  bool probed = false;  // a probe is out: it may be over much sooner
};

enum class breaker_state { closed, open, half_open };

/// What an operator changes about a host.
struct host_change {
  template <class T>
  struct wish {
    bool made = false;
    std::optional<T> value{};  // none: as configured again
  };
  bool release = false;  // no cooldown, no breaker, no quarantine: trust it again
  wish<std::chrono::milliseconds> delay{};
  wish<int> concurrency{};
};

class host_lane {
 public:
  using clock = std::chrono::steady_clock;
  using time_point = clock::time_point;

  /// Each failed probe doubles the rest up to this (or up to breaker_rest, if that is longer).
  static constexpr std::chrono::minutes longest_rest{15};
  /// A Crawl-delay beyond this is taken for a mistake and ignored.
  static constexpr std::chrono::seconds longest_crawl_delay{60};

  explicit host_lane(lane_limits limits = {}) noexcept : limits_(limits) {}

  /// No breaker rests longer than this.
  [[nodiscard]] static std::chrono::milliseconds longest_breaker_rest(
      lane_limits const& limits) noexcept;

  [[nodiscard]] lane_limits const& limits() const noexcept { return limits_; }
  void set_limits(lane_limits limits) noexcept { limits_ = limits; }

  /// From robots.txt; counts when 0 < d <= 60 s, and only ever raises the configured delay.
  void set_crawl_delay(std::optional<std::chrono::milliseconds> delay) noexcept;
  /// The delay in force: never shorter than is configured, the operator has set, or robots.txt
  /// asks.
  [[nodiscard]] std::chrono::milliseconds delay() const noexcept;

  /// The earliest start of the next request, never before `now`. Between this and started()
  /// the caller lets no other request of the lane through.
  [[nodiscard]] time_point next_start(time_point now) const noexcept;
  /// A request was written at that time: the next may start `delay + slack` later. The slack
  /// covers what the caller cannot measure between writing and the wire.
  void started(time_point written_at, clock::duration slack = {}) noexcept;
  /// The host began to answer the request of the last started(): it had arrived by then, and
  /// what is left of its slack is dropped.
  void arrived(time_point at) noexcept;

  /// The host asked for silence (Retry-After). Never shortens an earlier wish.
  void cool_down(instant until) noexcept;

  /// Why nothing may be sent now, and until when; the longer reason if there are two. While a
  /// probe is out this is set, so that nobody follows it.
  [[nodiscard]] std::optional<lane_block> blocked(instant now) const noexcept;
  [[nodiscard]] std::optional<instant> blocked_until(instant now) const noexcept;

  [[nodiscard]] breaker_state breaker(instant now) const noexcept;
  /// True when the next request is the one that decides whether the breaker closes. Whoever
  /// sends it says so with probe_started().
  [[nodiscard]] bool may_probe(instant now) const noexcept;
  /// One request is out to try the host. Without news of it for the length of a rest, another
  /// may try.
  void probe_started(instant now) noexcept;
  /// The probe was cancelled before it told anything: the next request may be one.
  void probe_abandoned() noexcept;

  /// See pace: the host pushes back, or how fast it answers.
  void pushed_back(time_point at) noexcept { pace_.pushed_back(at); }
  void answered(clock::duration latency, bool success, time_point at) noexcept {
    pace_.answered(latency, success, at);
  }
  [[nodiscard]] double slowed_by() const noexcept { return pace_.factor(); }

  [[nodiscard]] host_record const& record() const noexcept { return record_; }
  void change(host_change const& how, instant now) noexcept;
  /// Requests in flight that are allowed: no more than may still fail before the breaker opens, so
  /// that a host that refuses everything is asked for nothing beyond that.
  [[nodiscard]] int concurrency() const noexcept;

  /// The host answered; also when the answer is bad for the item only (a 404).
  void succeeded() noexcept;
  /// A failure for which counts_against_host() holds. Requests that began before the breaker
  /// opened and fail while it is open change nothing.
  void failed(instant now) noexcept;

  [[nodiscard]] int consecutive_failures() const noexcept { return failures_; }
  [[nodiscard]] lane_state state() const noexcept;
  /// Replaces what state() tells, as far as it is believable; pacing is untouched.
  void restore(lane_state const& state, instant now) noexcept;

 private:
  [[nodiscard]] int threshold() const noexcept;
  [[nodiscard]] std::chrono::milliseconds rest() const noexcept;

  lane_limits limits_;
  std::chrono::milliseconds crawl_delay_{0};
  std::optional<time_point> last_start_;
  std::optional<instant> cooldown_until_;
  std::optional<instant> breaker_until_;
  std::optional<instant> probe_since_;
  int failures_ = 0;
  pace pace_;
  host_record record_;
  std::optional<std::chrono::milliseconds> set_delay_;
  std::optional<int> set_concurrency_;
  std::optional<instant> released_at_;
};

}  // namespace vinny
