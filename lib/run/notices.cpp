// SPDX-License-Identifier: MIT
#include "run/notices.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "alerts/slack.hpp"
#include "observe/log.hpp"
#include "specimens/tables/specimen_totals.hpp"

namespace vinny {
namespace {

using namespace std::chrono_literals;

constexpr auto between_looks = 1s;

std::string this_machine() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

/// 1234567 → "1,234,567".
std::string grouped(std::int64_t number) {
  auto out = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(out.size()) - 3; at > 0; at -= 3) {
    out.insert(static_cast<std::size_t>(at), ",");
  }
  return out;
}

bool of_specimens(run_context const& context) {
  return context.request.specimens || context.request.ingest;
}

std::string counted(run_context const& context) {
  auto const& counts = context.record.counts;
  if (context.request.ingest) {
    return fmt::format("{} rows, {} images of {} specimens, {} rows rejected",
                       grouped(counts.list_rows), grouped(counts.list_images),
                       grouped(counts.list_gbif_ids), grouped(counts.list_rejected));
  }
  return fmt::format("{} images fetched, {} were there, {} failed, {} left for a later run",
                     grouped(counts.specimens_fetched), grouped(counts.specimens_adopted),
                     grouped(counts.specimens_failed), grouped(counts.deferred));
}

}  // namespace

std::string spoken_duration(double seconds) {
  auto const all = static_cast<std::int64_t>(std::llround(std::max(seconds, 0.0)));
  if (all < 60) return fmt::format("{} s", all);
  if (all < 3600) return fmt::format("{} min {} s", all / 60, all % 60);
  return fmt::format("{} h {} min", all / 3600, all % 3600 / 60);
}

double run_notices::seconds_so_far() const {
  return std::chrono::duration<double>(clock::now() - began_).count();
}

task<> run_notices::tell(std::string text) {
  auto const posted = co_await context_.slack->post(
      fmt::format("{}: {}", this_machine(), std::move(text)), thread_, no_deadline);
  if (posted) {
    if (thread_.empty()) thread_ = *posted;
  } else if (posted.error().code != errc::cancelled && context_.untold.empty()) {
    context_.untold = posted.error().message;
    log(log_level::warn, "notify", context_.untold);
  }
}

task<std::string> run_notices::waiting() {
  auto const totals = co_await context_.facts.read(read_specimen_totals);
  if (!totals) co_return "";
  co_return fmt::format(
      "{} of {} images are here, {} wait", grouped(totals->of(specimen_state::success)),
      grouped(totals->all_images()),
      grouped(totals->of(specimen_state::pending) + totals->of(specimen_state::failed_transient)));
}

task<> run_notices::follow() {
  if (!of_specimens(context_)) co_return;
  if (context_.slack == nullptr) {
    log(log_level::info, "notify",
        "nobody is told of this run: slack.webhook_url (SLACK_WEBHOOK_URL) is not set");
    co_return;
  }
  auto const& record = context_.record;
  co_await tell(context_.request.ingest
                    ? fmt::format("{} began: {}", record.pipeline, context_.request.list)
                    : fmt::format("{} began: {}", record.pipeline, co_await waiting()));
  auto const every = context_.settings.slack.every;
  if (context_.request.ingest || every == 0) co_return;
  for (auto next = every;;) {
    co_await sleep_for(between_looks);
    auto const done = record.counts.specimens_fetched + record.counts.specimens_adopted;
    if (done < next) continue;
    next = (done / every + 1) * every;
    auto const took = seconds_so_far();
    co_await tell(fmt::format("{} in {} ({:.1f} a second); {}", counted(context_),
                              spoken_duration(took), static_cast<double>(done) / took,
                              co_await waiting()));
  }
}

task<> run_notices::farewell() {
  auto const& record = context_.record;
  bool const worth = of_specimens(context_) || record.state == run_state::failed;
  if (context_.slack == nullptr || !worth) co_return;
  auto text = fmt::format("{} {} after {}", record.pipeline, name(record.state),
                          spoken_duration(seconds_so_far()));
  if (of_specimens(context_)) text += ": " + counted(context_);
  if (!record.error.empty()) text += "; " + record.error;
  co_await tell(std::move(text));
}

}  // namespace vinny
