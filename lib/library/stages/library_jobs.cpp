// SPDX-License-Identifier: MIT
#include "library/stages/library_jobs.hpp"

#include <fmt/format.h>

#include "catalog/runs.hpp"
#include "library/model/library_counts.hpp"
#include "library/model/library_settings.hpp"
#include "library/source/library.hpp"
#include "library/source/list_reader.hpp"
#include "library/stages/batch_job.hpp"
#include "library/stages/library_gear.hpp"
#include "library/stages/library_job.hpp"
#include "library/tables/library.hpp"
#include "task/offload.hpp"

namespace vinny {
namespace {

constexpr std::size_t entries_at_once = 2'000;
constexpr std::int64_t names_at_once = 5'000;
constexpr std::int64_t rejects_kept = 100;  // of a file; the rest is counted

struct sorted_list {
  std::vector<library_row> rows;
  std::vector<library_artist> artists;
  std::vector<rejected_line> rejected;
};

sorted_list sort_out(std::vector<library_entry> entries) {
  sorted_list out;
  for (auto& one : entries) {
    if (auto* const row = std::get_if<library_row>(&one)) {
      out.rows.push_back(std::move(*row));
    } else if (auto* const artist = std::get_if<library_artist>(&one)) {
      out.artists.push_back(std::move(*artist));
    } else {
      out.rejected.push_back(std::move(std::get<rejected_line>(one)));
    }
  }
  return out;
}

void refuse_lines(run_context& context, std::string const& file,
                  std::vector<rejected_line> const& lines) {
  auto& counts = context.counts<library_counts>();
  for (auto const& one : lines) {
    if (++counts.library_rejected > rejects_kept) continue;
    auto const key = fmt::format("{}:{}", file, one.line);
    run_error const row{.step = "library",
                        .key = key,
                        .url = {},
                        .reason = "bad_archive",
                        .message = fmt::format("{}: {}", key, one.reason),
                        .evidence = {},
                        .attempts = 1};
    context.facts.note([id = context.record.id, row](database& db) {
      add_run_error(db, id, row, to_rfc3339(now()));
    });
  }
}

task<result<>> import_file(run_context& context, std::string file) {
  auto opened = co_await on_cpu(context, [file] { return library_list::open(file); });
  if (!opened) co_return std::unexpected(opened.error());
  std::shared_ptr<library_list> const list{std::move(*opened)};
  auto& board = context.board(step::library);
  while (!context.draining) {
    auto entries = co_await on_cpu(context, [list] { return list->next(entries_at_once); });
    if (!entries) {
      auto why = entries.error();
      if (!why.message.starts_with(file)) why.message = fmt::format("{}: {}", file, why.message);
      co_return std::unexpected(std::move(why));
    }
    if (entries->empty()) break;
    auto sorted = std::make_shared<sorted_list>(sort_out(std::move(*entries)));
    auto const written = co_await context.facts.write([sorted](database& db) {
      put_library_artists(db, sorted->artists);
      put_library_rows(db, sorted->rows);
    });
    if (!written) co_return written;
    refuse_lines(context, file, sorted->rejected);
    auto& counts = context.counts<library_counts>();
    counts.library_rows += static_cast<std::int64_t>(sorted->rows.size());
    counts.library_artists += static_cast<std::int64_t>(sorted->artists.size());
    board.done = counts.library_rows + counts.library_artists;
  }
  co_return result<>{};
}

}  // namespace

task<result<>> import_library(run_context& context) {
  if (!context.settings.of<library_config>().database.empty()) {
    co_return fail(errc::config_invalid,
                   "the library is in PostgreSQL (library.database): lists are imported into the "
                   "catalog only. Load them there with psql's \\copy");
  }
  for (auto const& file : context.asked<import_job>().wish.files) {
    auto const done = co_await import_file(context, file);
    if (!done) co_return done;
  }
  co_return result<>{};
}

namespace {

/// A database that is away is no failure of the job: it goes on another time.
result<> put_off(run_context& context, failure const& why) {
  if (why.code != errc::postgres_unavailable) return std::unexpected(why);
  ++context.deferred;
  context.remarks.push_back(why.message + "; run it again: what is done stays done");
  return {};
}

}  // namespace

task<result<>> backfill_artist_names(run_context& context) {
  batch_job job{"library-artist-name-backfill", context.reports, context.record.id};
  auto const asked = context.asked<artist_names_job>().wish.batch_size;
  auto const most = asked > 0 ? asked : names_at_once;
  job.started({field("batch_size", most)});
  auto& counts = context.counts<library_counts>();
  counts.remaining = not_counted;
  auto const totals = [&counts] {
    return std::vector{field("named", counts.library_named), field("remaining", counts.remaining)};
  };
  while (!context.draining) {
    auto const named = co_await context.outside->gear<library_gear>().rows->fill_artist_names(most);
    if (!named) co_return job.ended(put_off(context, named.error()), totals());
    if (*named == 0) break;
    counts.library_named += *named;
    context.board(step::library).done = counts.library_named;
    job.batch_done(*named, totals());
  }
  auto const left = co_await context.outside->gear<library_gear>().rows->nameless_rows();
  if (!left) co_return job.ended(put_off(context, left.error()), totals());
  counts.remaining = *left;
  if (*left > 0 && !context.draining) {
    co_return job.ended(
        fail(errc::not_found,
             fmt::format("{} rows have no artist's name: their artists are missing. Import them, "
                         "then run this again: what is done stays done",
                         *left)),
        totals());
  }
  co_return job.ended({}, totals());
}

}  // namespace vinny
