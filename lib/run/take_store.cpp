// SPDX-License-Identifier: MIT
#include "run/take_store.hpp"

#include "blob/store_name.hpp"
#include "observe/log.hpp"

namespace vinny {
namespace {

constexpr std::chrono::minutes longest_answer{5};

}  // namespace

task<result<>> take_this_store(run_context& run, owned_ledger ledger) {
  auto const store = store_name(run.settings);
  auto const before = co_await run.facts.read(ledger.owner);
  if (!before) co_return std::unexpected(before.error());
  if (*before == store) co_return result<>{};
  if (before->has_value()) {
    auto const answer = co_await run.store.head(ledger.probe, within(longest_answer));
    if (!answer) {
      log(log_level::error, name(step::upload), "the stage stops: " + answer.error().message,
          field("reason", answer.error().code));
      co_return std::unexpected(answer.error());
    }
    log(log_level::info, name(step::upload), "another store than before: everything is put there",
        field("store", store));
  }
  co_return co_await run.facts.write(
      [store, take = ledger.take](database& db) { take(db, store); });
}

}  // namespace vinny
