// SPDX-License-Identifier: MIT
#include "run/error_reports.hpp"

#include <fmt/format.h>

#include <random>

#include "observe/log.hpp"

namespace vinny {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_waiting = 100;
constexpr auto longest_send = 10s;

std::string random_id() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

}  // namespace

void error_reports::add(error_report one) {
  if (to_ == nullptr) return;
  if (waiting_.size() >= most_waiting || !why_.empty()) {
    ++left_out_;
    return;
  }
  one.id = random_id();
  one.at = now();
  waiting_.push_back(std::move(one));
  news_.notify_one();
}

task<bool> error_reports::send_first(deadline limit) {
  // It stays where it is meanwhile: cut off, it is sent again.
  auto const sent = co_await to_->send(waiting_.front(), within(longest_send, limit));
  if (!sent && sent.error().code == errc::cancelled) co_return false;
  waiting_.pop_front();
  if (sent) co_return true;
  // A service that refuses or is away is left alone for the rest of the run.
  why_ = sent.error().message;
  left_out_ += static_cast<std::int64_t>(waiting_.size()) + 1;
  waiting_.clear();
  co_return false;
}

task<> error_reports::follow() {
  for (;;) {
    while (waiting_.empty()) co_await news_.wait();
    co_await send_first(no_deadline);
  }
}

task<> error_reports::flush(clock::duration longest) {
  auto const until = within(longest);
  while (!waiting_.empty() && clock::now() < until) co_await send_first(until);
  left_out_ += static_cast<std::int64_t>(waiting_.size());
  waiting_.clear();
  if (left_out_ == 0) co_return;
  log(log_level::warn, "run", "errors were not told to Sentry", field("errors", left_out_),
      field("reason", why_.empty() ? "there were too many" : why_));
}

}  // namespace vinny
