// SPDX-License-Identifier: MIT
#include "events/stages/publish.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "blob/store_name.hpp"
#include "events/model/event_counts.hpp"
#include "events/publish/difference.hpp"
#include "events/publish/documents.hpp"
#include "events/publish/local_database.hpp"
#include "events/publish/old_domain.hpp"
#include "events/publish/script.hpp"
#include "events/publish/target.hpp"
#include "events/stages/publish_d1.hpp"
#include "events/stages/publish_wrangler.hpp"
#include "events/stages/sync_job.hpp"
#include "events/tables/objects.hpp"
#include "events/tables/published.hpp"
#include "observe/log.hpp"
#include "run/world.hpp"
#include "task/offload.hpp"

namespace vinny {
namespace {

constexpr char const* local_target = "local";
constexpr std::string_view local_file = "local-d1.sqlite";
constexpr std::string_view script_file = "export.sql";

/// Applies the changes to local-d1.sqlite; the catalog hears of it only afterwards.
task<result<>> to_local_database(run_context& context, std::vector<row> rows) {
  // A file that was deleted, or never was, has none of what was confirmed before.
  bool const is_new = !context.files.size(local_file);
  if (is_new) {
    auto const forgotten =
        co_await context.facts.write([](database& db) { forget_published(db, local_target); });
    if (!forgotten) co_return forgotten;
  }
  auto const known =
      co_await context.facts.read([](database& db) { return published_digests(db, local_target); });
  if (!known) co_return std::unexpected(known.error());
  bool const is_first =
      std::ranges::all_of(*known, [](auto const& one) { return one.second == unconfirmed; });
  auto changes = difference(rows, *known, context.asked<sync_job>().wish.full);
  auto const written = std::ranges::count(changes, change::kind::upsert, &change::what);
  context.counts<event_counts>().rows_unchanged += static_cast<std::int64_t>(rows.size()) - written;
  if (changes.empty() && !is_new) co_return result<>{};

  auto marks = marks_of(changes);
  auto const intended = co_await context.facts.write(
      [marks](database& db) { intend_published(db, local_target, marks); });
  if (!intended) co_return intended;
  auto const applied = co_await on_cpu(context,
                                       [file = context.files.path() / local_file, changes,
                                        rewrite = is_first || context.asked<sync_job>().wish.full
                                                      ? rewrite_old_domain(context.settings.store)
                                                      : std::string{}]() -> result<> {
                                         auto database = local_database::open(file);
                                         if (!database) return std::unexpected(database.error());
                                         if (auto const done = database->prepare(rewrite); !done)
                                           return done;
                                         return database->apply(changes);
                                       });
  if (!applied && is_new) context.files.remove(local_file);
  if (!applied) co_return applied;
  context.counts<event_counts>().rows_written += written;
  context.counts<event_counts>().rows_removed +=
      static_cast<std::int64_t>(changes.size()) - written;
  instruments::global().published_rows.add(static_cast<std::uint64_t>(written));
  co_return co_await context.facts.write(
      [marks = std::move(marks)](database& db) { confirm_published(db, local_target, marks); });
}

/// export.sql for review: nobody confirms that it was applied, so it always tells everything.
task<result<>> to_script(run_context& context, std::vector<row> rows) {
  auto const count = rows.size();
  auto const written =
      co_await on_cpu(context,
                      [rows = std::move(rows), files = context.files,
                       prepare = preparation_sql(context.settings.store)]() -> result<bool> {
                        std::ostringstream out;
                        script_writer writer{out, prepare};
                        auto const changes = difference(rows, {}, true);
                        if (auto const done = writer.write(changes); !done)
                          return std::unexpected(done.error());
                        return write_if_different(files, script_file, out.view());
                      });
  if (!written) co_return std::unexpected(written.error());
  auto& counts = context.counts<event_counts>();
  (*written ? counts.rows_written : counts.rows_unchanged) += static_cast<std::int64_t>(count);
  if (*written) instruments::global().published_rows.add(count);
  co_return result<>{};
}

task<result<>> to_target(run_context& context, std::vector<row> rows) {
  switch (target_of(context.settings, context.asked<sync_job>().wish)) {
    case publish_target::local_database:
      return to_local_database(context, std::move(rows));
    case publish_target::d1:
      return to_d1(context, std::move(rows));
    case publish_target::wrangler:
    case publish_target::wrangler_local:
      return to_wrangler(context, std::move(rows));
    case publish_target::script:
      break;
  }
  if (auto const half = half_configured(context.settings, context.asked<sync_job>().wish);
      !half.empty()) {
    log(log_level::warn, "publish", half);
    context.remarks.push_back(half);
  }
  return to_script(context, std::move(rows));
}

}  // namespace

task<result<>> publish(run_context& context) {
  auto& board = context.board(step::publish);
  auto const whose = co_await context.facts.read(
      [store = store_name(context.settings)](database& db) { return whose_ledger(db, store); });
  if (!whose) co_return std::unexpected(whose.error());
  if (*whose == ledger_of::another_store) {
    co_return fail(errc::config_invalid,
                   fmt::format("nothing is published: what is known to be stored is in another "
                               "store than [store] names now ({}); `vinny images upload-r2` puts "
                               "everything there, or correct [store]",
                               store_name(context.settings)));
  }
  board.active = 1;
  auto const facts = co_await context.facts.read([](database& db) { return facts_of(db); });
  if (!facts) co_return std::unexpected(facts.error());
  auto rows = published_rows(*facts, context.settings.venues, context.settings.images.sizes,
                             context.settings.store.public_url);
  auto const done = co_await to_target(context, std::move(rows));
  board.active = 0;
  board.done =
      context.counts<event_counts>().rows_written + context.counts<event_counts>().rows_removed;
  instruments::global().of(step::publish).done.add(static_cast<std::uint64_t>(board.done));
  co_return done;
}

task<result<>> write_documents(run_context& context) {
  auto facts = co_await context.facts.read([](database& db) { return facts_of(db); });
  if (!facts) co_return std::unexpected(facts.error());
  auto const& counts = context.counts<event_counts>();
  bool const events = counts.pages_read + counts.renditions + counts.objects_put +
                          counts.rows_written + counts.rows_removed >
                      0;
  co_return co_await on_cpu(
      context,
      [facts = std::move(*facts), events, files = context.files, id = context.record.id,
       venues = context.settings.venues, sizes = context.settings.images.sizes,
       public_url = context.settings.store.public_url]() -> result<> {
        if (!facts.renditions.empty() || files.size("image_manifest.json")) {
          auto const manifest =
              write_if_different(files, "image_manifest.json", manifest_document(facts.renditions));
          if (!manifest) return std::unexpected(manifest.error());
        }
        if (!events) return {};
        return files.write("runs/" + id + "/events.json",
                           events_document(facts, venues, sizes, public_url));
      });
}

}  // namespace vinny
