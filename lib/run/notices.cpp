// SPDX-License-Identifier: MIT
#include "run/notices.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "alerts/slack.hpp"
#include "observe/log.hpp"

namespace vinny {
namespace {

using namespace std::chrono_literals;

constexpr auto between_looks = 1s;

std::string this_machine() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

}  // namespace

std::string spoken_duration(double seconds) {
  auto const all = static_cast<std::int64_t>(std::llround(std::max(seconds, 0.0)));
  if (all < 60) return fmt::format("{} s", all);
  if (all < 3600) return fmt::format("{} min {} s", all / 60, all % 60);
  return fmt::format("{} h {} min", all / 3600, all % 3600 / 60);
}

vinny::slack* run_notices::slack() const {
  return context_.outside->slack.get();
}

double run_notices::seconds_so_far() const {
  return std::chrono::duration<double>(clock::now() - began_).count();
}

task<> run_notices::tell(std::string text) {
  auto const posted = co_await slack()->post(fmt::format("{}: {}", this_machine(), std::move(text)),
                                             thread_, no_deadline);
  if (posted) {
    if (thread_.empty()) thread_ = *posted;
  } else if (posted.error().code != errc::cancelled && context_.slack_error.empty()) {
    context_.slack_error = posted.error().message;
    log(log_level::warn, "notify", context_.slack_error);
  }
}

task<> run_notices::follow() {
  auto const* const words = context_.work->words();
  if (words == nullptr) co_return;
  if (slack() == nullptr) {
    log(log_level::info, "notify",
        "nobody is told of this run: slack.webhook_url (SLACK_WEBHOOK_URL) is not set");
    co_return;
  }
  auto const& pipeline = context_.record.pipeline;
  co_await tell(fmt::format("{} began: {}", pipeline, co_await words->beginning(context_)));
  auto const every = context_.settings.slack.every;
  if (every == 0 || words->items(context_.totals()) < 0) co_return;
  for (auto next = every;;) {
    co_await sleep_for(between_looks);
    auto const counts = context_.totals();
    auto const done = words->items(counts);
    if (done < next) continue;
    next = (done / every + 1) * every;
    auto const took = seconds_so_far();
    co_await tell(fmt::format("{} in {} ({:.1f} a second); {}", words->so_far(counts),
                              spoken_duration(took), static_cast<double>(done) / took,
                              co_await words->standing(context_)));
  }
}

task<> run_notices::announce_end() {
  auto const& record = context_.record;
  auto const* const words = context_.work->words();
  bool const worth = words != nullptr || record.state == run_state::failed;
  if (slack() == nullptr || !worth) co_return;
  auto text = fmt::format("{} {} after {}", record.pipeline, name(record.state),
                          spoken_duration(seconds_so_far()));
  if (words != nullptr) text += ": " + words->so_far(record.counts);
  if (!record.error.empty()) text += "; " + record.error;
  co_await tell(std::move(text));
}

}  // namespace vinny
