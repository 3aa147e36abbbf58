// SPDX-License-Identifier: MIT
#include "blob/s3/s3_lane.hpp"

#include <fmt/format.h>

#include "observe/log.hpp"

namespace vinny {

s3_lane::turn::~turn() {
  if (owner_ == nullptr || !probe_) return;
  owner_->probe_out_ = false;
  owner_->changed_.notify_all();
}

task<result<s3_lane::turn>> s3_lane::enter(deadline limit) {
  for (;;) {
    if (clock::now() >= limit) {
      co_return fail(errc::total_timeout, "the store's turn did not come in time");
    }
    auto const at = now();
    if (auto const until = rest_.until(at)) {
      if (*until - at > patience) {
        failure why{errc::host_cooling_down,
                    fmt::format("the store rests until {}: {}", to_rfc3339(*until), why_)};
        why.retry_at = *until;
        co_return std::unexpected(std::move(why));
      }
      co_await sleep_until(within(*until - at, limit));
      continue;
    }
    if (rest_.must_probe() && probe_out_) {
      (void)co_await changed_.wait(limit);
      continue;
    }
    bool const probe = rest_.must_probe();
    if (probe) probe_out_ = true;
    turn out{*this, probe};
    out.slot_ = co_await slots_.acquire(limit);
    if (!out.slot_) continue;
    // While it waited in line, the store may have asked for a rest.
    if (rest_.until(now()) || (rest_.must_probe() && !probe)) continue;
    co_return out;
  }
}

void s3_lane::failed(std::optional<instant> asked, std::string why) {
  why_ = std::move(why);
  bool const resting = rest_.until(now()).has_value();
  rest_.failed(now(), asked);
  if (!resting) {
    log(log_level::info, "upload", "the store gets a rest",
        field("until", to_rfc3339(rest_.until(now()).value_or(now()))));
  }
}

void s3_lane::succeeded() {
  if (!rest_.must_probe()) return;
  // Answers to what was sent before the rest do not end it.
  if (rest_.until(now())) return;
  rest_.succeeded();
  changed_.notify_all();
}

}  // namespace vinny
