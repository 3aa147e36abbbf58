// SPDX-License-Identifier: MIT
#include "policy/pace.hpp"

#include <algorithm>

namespace vinny {
namespace {

using namespace std::chrono_literals;

constexpr double at_a_push = 2.0;
constexpr double at_late_answers = 1.25;
constexpr double back_at_an_answer = 0.99;
/// One overload makes many answers.
constexpr auto between_pushes = 1s;
/// Of a host without a pace, when it needs one.
constexpr auto least_delay = 20ms;
constexpr double weight_of_usual = 0.01;
constexpr double weight_of_recent = 0.2;
constexpr int answers_to_know_it = 20;
/// What is late: several times the usual, and so much that a busy line does not explain it.
constexpr double late = 3.0;
constexpr double late_seconds = 0.5;

}  // namespace

void pace::slow_down(double by, clock::time_point at) noexcept {
  if (last_push_ != clock::time_point{} && at < last_push_ + between_pushes) return;
  last_push_ = at;
  factor_ = std::min(factor_ * by, slowest);
}

void pace::pushed_back(clock::time_point at) noexcept {
  slow_down(at_a_push, at);
}

void pace::answered(clock::duration latency, bool success, clock::time_point at) noexcept {
  auto const seconds = std::chrono::duration<double>(latency).count();
  answers_ = std::min(answers_ + 1, answers_to_know_it);
  // At first the mean of all, so that robots.txt is not taken for what the host usually does.
  bool const known = answers_ == answers_to_know_it;
  auto const first = 1.0 / answers_;
  recent_ += (known ? weight_of_recent : std::max(weight_of_recent, first)) * (seconds - recent_);
  usual_ += (known ? weight_of_usual : first) * (seconds - usual_);
  if (known && recent_ > late * usual_ + late_seconds) {
    slow_down(at_late_answers, at);
  } else if (success) {
    factor_ = std::max(factor_ * back_at_an_answer, 1.0);
  }
}

std::chrono::milliseconds pace::stretched(std::chrono::milliseconds configured) const noexcept {
  if (factor_ == 1.0) return configured;
  auto const base = std::max<std::chrono::milliseconds>(configured, least_delay);
  return std::chrono::duration_cast<std::chrono::milliseconds>(base * factor_);
}

}  // namespace vinny
