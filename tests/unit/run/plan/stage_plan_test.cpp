// SPDX-License-Identifier: MIT
#include "run/plan/stage_plan.hpp"

#include <catch2/catch.hpp>

using namespace vinny;
using namespace std::chrono_literals;
using action = settlement::action;

namespace {

instant const noon = *from_rfc3339("2027-06-12T12:00:00Z");

failure failed_with(errc code, std::optional<instant> retry_at = {}) {
  failure out{code};
  out.retry_at = retry_at;
  return out;
}

}  // namespace

TEST_CASE("what becomes of an item that failed") {
  struct row {
    errc code;
    int before;
    action what;
    int attempts;
  };
  auto const [code, before, what, attempts] = GENERATE(values<row>({
      {errc::http_not_found, 0, action::give_up, 1},
      {errc::image_corrupt_again, 1, action::give_up, 2},
      {errc::http_server_error, 0, action::postpone, 1},
      {errc::http_server_error, 1, action::postpone, 2},
      {errc::http_server_error, 2, action::give_up, 3},  // the last of three
      {errc::first_byte_timeout, 2, action::give_up, 3},
      {errc::host_cooling_down, 0, action::postpone, 0},  // costs no attempt
      {errc::host_cooling_down, 9, action::postpone, 9},
      {errc::host_breaker_open, 2, action::postpone, 2},
      {errc::disk_full, 0, action::halt, 0},
      {errc::config_invalid, 2, action::halt, 2},
      {errc::cancelled, 1, action::nothing, 1},
  }));
  auto const plan = settle(failed_with(code), before, 3, noon, 0.5);
  INFO(name(code) << " after " << before);
  CHECK(plan.what == what);
  CHECK(plan.attempts == attempts);
}

TEST_CASE("an item comes back at the later of its backoff and the host's word") {
  auto const without = settle(failed_with(errc::http_server_error), 0, 3, noon, 1.0);
  CHECK(without.due > noon);
  auto const far = noon + 1h;
  CHECK(settle(failed_with(errc::http_server_error, far), 0, 3, noon, 1.0).due == far);
  // A word that is sooner than the backoff does not shorten it.
  auto const soon = noon + 1ms;
  CHECK(settle(failed_with(errc::http_server_error, soon), 0, 3, noon, 1.0).due == without.due);
  // A deferral knows when the host may be asked again.
  CHECK(settle(failed_with(errc::host_cooling_down, soon), 0, 3, noon, 1.0).due == soon);
}

TEST_CASE("a stage with nothing to claim") {
  using act = idle_action;
  struct row {
    idle_stage stage;
    idle_action what;
  };
  auto const [stage, what] = GENERATE(values<row>({
      {{}, act::end},
      {{.more_may_come = true}, act::wait},
      {{.active = 1}, act::wait},
      {{.pending = 4, .due_in = 5s, .patience = 60s}, act::wait},
      {{.pending = 4, .due_in = 60s, .patience = 60s}, act::wait},
      {{.pending = 4, .due_in = 61s, .patience = 60s}, act::leave},
      {{.pending = 4, .due_in = 61s, .active = 1, .patience = 60s}, act::wait},
      {{.pending = 4, .due_in = 61s, .more_may_come = true, .patience = 60s}, act::wait},
      // A full disk puts nothing off: room may come. Who works alone does not wait for ever.
      {{.pending = 4, .due_in = 99s, .patience = 60s, .disk_is_low = true}, act::wait_for_room},
      {{.pending = 4, .patience = 60s, .disk_is_low = true, .disk_low_for = 90s},
       act::wait_for_room},
      {{.pending = 4, .patience = 60s, .disk_is_low = true, .disk_low_for = 59s, .alone = true},
       act::wait_for_room},
      {{.pending = 4, .patience = 60s, .disk_is_low = true, .disk_low_for = 60s, .alone = true},
       act::no_room},
      {{.pending = 0, .disk_is_low = true, .disk_low_for = 90s, .alone = true}, act::end},
  }));
  CHECK(when_idle(stage) == what);
}
