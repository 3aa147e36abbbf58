// SPDX-License-Identifier: MIT
#include "specimens/stages/ingest_forget.hpp"

#include "catalog/notes.hpp"
#include "specimens/stages/ingest_job.hpp"
#include "specimens/stages/ingest_note.hpp"
#include "specimens/tables/specimen_list.hpp"

namespace vinny {
namespace {

constexpr std::int64_t forgotten_at_once = 50'000;
constexpr char const* forgetting_note = "specimens.forgetting";

}  // namespace

task<result<>> forget_before(run_context& context) {
  auto const begun =
      co_await context.facts.write([reset = context.asked<ingest_job>().reset](database& db) {
        if (reset) {
          set_note(db, reset_note, to_rfc3339(now()));
          set_note(db, forgetting_note, "yes");
          begin_forgetting(db);
          finish_ingest(db, {}, {});
        }
        return read_note(db, forgetting_note) == "yes";
      });
  if (!begun) co_return std::unexpected(begun.error());
  for (bool more = *begun; more && !context.draining;) {
    auto const left = co_await context.facts.write([](database& db) {
      bool const still = forget_specimens(db, forgotten_at_once);
      if (!still) set_note(db, forgetting_note, "");
      return still;
    });
    if (!left) co_return std::unexpected(left.error());
    more = *left;
  }
  co_return result<>{};
}

}  // namespace vinny
