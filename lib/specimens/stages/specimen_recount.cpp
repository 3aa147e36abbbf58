// SPDX-License-Identifier: MIT
#include "specimens/stages/specimen_recount.hpp"

#include "observe/log.hpp"
#include "specimens/model/specimen_counts.hpp"
#include "specimens/tables/specimen_list.hpp"

namespace vinny {
namespace {

constexpr std::int64_t recounted_at_once = 50'000;

}  // namespace

task<result<>> recount_specimens(run_context& context) {
  auto state = std::make_shared<recount_state>();
  for (bool more = true; more && !context.draining;) {
    auto const counted = co_await context.facts.read(
        [state](database& db) { return recount(db, *state, recounted_at_once); });
    if (!counted) co_return std::unexpected(counted.error());
    more = *counted;
    context.board(step::ingest).done = state->sums.all_images();
  }
  if (context.draining) co_return result<>{};
  auto const wrong =
      co_await context.facts.write([state](database& db) { return write_recount(db, *state); });
  if (!wrong) co_return std::unexpected(wrong.error());
  if (*wrong) log(log_level::warn, "ingest", "the counts were wrong and are put right");
  context.counts<specimen_counts>().list_images = state->sums.all_images();
  context.counts<specimen_counts>().list_gbif_ids = state->sums.all_specimens();
  co_return result<>{};
}

}  // namespace vinny
