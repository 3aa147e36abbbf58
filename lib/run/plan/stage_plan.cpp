// SPDX-License-Identifier: MIT
#include "run/plan/stage_plan.hpp"

#include <algorithm>

#include "policy/backoff.hpp"
#include "policy/classify.hpp"

namespace vinny {

settlement settle(failure const& why, int attempts, int allowed, instant now, double chance) {
  using action = settlement::action;
  auto const is_free = is_deferral(why.code);
  auto const made = attempts + (is_free ? 0 : 1);
  switch (classify(why.code)) {
    case verdict::stop:
      return {.what = action::nothing, .attempts = attempts};
    case verdict::halt:
      return {.what = action::halt, .attempts = attempts};
    case verdict::reject:
      return {.what = action::give_up, .attempts = made};
    case verdict::retry:
      break;
  }
  if (!is_free && made >= allowed) return {.what = action::give_up, .attempts = made};
  auto const own = now + backoff(made, chance);
  // A deferral knows its own time; anything else waits for the later of both.
  auto due = own;
  if (why.retry_at) due = is_free ? *why.retry_at : std::max(*why.retry_at, own);
  return {.what = action::postpone, .attempts = made, .due = due};
}

idle_action when_idle(idle_stage const& stage) noexcept {
  if (stage.active > 0 || stage.more_may_come) return idle_action::wait;
  if (stage.pending == 0) return idle_action::end;
  if (stage.disk_is_low) {
    bool const waited_enough = stage.alone && stage.disk_low_for >= stage.patience;
    return waited_enough ? idle_action::no_room : idle_action::wait_for_room;
  }
  return stage.due_in > stage.patience ? idle_action::leave : idle_action::wait;
}

}  // namespace vinny
