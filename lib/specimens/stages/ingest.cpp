// SPDX-License-Identifier: MIT
#include "specimens/stages/ingest.hpp"

#include <fmt/format.h>

#include "catalog/notes.hpp"
#include "core/time.hpp"
#include "observe/log.hpp"
#include "specimens/model/specimen_counts.hpp"
#include "specimens/model/specimen_settings.hpp"
#include "specimens/source/batches.hpp"
#include "specimens/source/image_variants.hpp"
#include "specimens/source/row_sort.hpp"
#include "specimens/stages/ingest_forget.hpp"
#include "specimens/stages/ingest_job.hpp"
#include "specimens/stages/ingest_note.hpp"
#include "specimens/stages/legacy_import.hpp"
#include "specimens/stages/specimen_recount.hpp"
#include "specimens/tables/specimen_list.hpp"
#include "task/offload.hpp"
#include "task/queue.hpp"
#include "task/task_group.hpp"

namespace vinny {
namespace {

constexpr std::size_t batches_ahead = 2;  // read while another is being written
constexpr std::int64_t rows_at_once = 50'000;
/// Bulk loading: a batch's pages fit into the cache, so that each is written to the log once, and
/// checkpoints are few and large.
constexpr std::string_view bulk_settings =
    "PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 16384";
constexpr std::string_view usual_settings =
    "PRAGMA cache_size = -2000; PRAGMA wal_autocheckpoint = 1000";

class ingester {
 public:
  explicit ingester(run_context& context)
      : context_(context), runs_folder_(context.settings.data_dir / "ingest") {}

  task<result<>> run() {
    if (auto const opened = co_await open(); !opened) co_return opened;
    if (auto const gone = co_await forget_before(context_); !gone || context_.draining)
      co_return gone;
    if (auto const begun = co_await begin(); !begun) co_return begun;
    if (auto const may = co_await may_finish_here(); !may) co_return may;
    apply(bulk_settings);
    auto const done = co_await all_phases();
    // A list that gave nothing leaves nothing to finish.
    if (!done && note_.images == 0) context_.facts.note(ensure_work_list);
    apply(usual_settings);
    co_return done;
  }

 private:
  using phase = ingest_note::phase;

  task<result<>> all_phases() {
    if (note_.doing == phase::direct) {
      auto const sorted = co_await merge(*file_);
      if (!sorted) co_return std::unexpected(sorted.error());
      if (!*sorted && !context_.draining) {
        log(log_level::info, "ingest", "the list is not sorted by gbifID; it is sorted first",
            field("line", file_->line() + 1));
        if (auto const begun = co_await begin_sorting(); !begun) co_return begun;
      }
    }
    if (note_.doing == phase::sorting) {
      if (auto const sorted = co_await sort(); !sorted) co_return sorted;
    }
    if (note_.doing == phase::merging && !context_.draining) {
      auto merged = co_await on_cpu(
          context_, [this] { return merge_runs(runs_folder_, note_.runs, note_.after); });
      auto const done =
          merged ? co_await merge(**merged) : result<bool>{std::unexpected(merged.error())};
      if (!done &&
          (done.error().code == errc::not_found || done.error().code == errc::bad_archive)) {
        log(log_level::warn, "ingest", done.error().message + ": the list is sorted again");
        if (auto const begun = co_await begin_sorting(); !begun) co_return begun;
        co_return co_await all_phases();
      }
      if (!done) co_return std::unexpected(done.error());
      if (!*done && !context_.draining) {
        co_return fail(errc::internal, "sorted runs are not in order");
      }
    }
    if (context_.draining) co_return result<>{};
    co_return co_await finish();
  }

  task<result<>> open() {
    auto opened = co_await on_cpu(
        context_, [list = context_.asked<ingest_job>().list] { return list_file::open(list); });
    if (!opened) co_return std::unexpected(opened.error());
    auto variants =
        co_await on_cpu(context_, [rules = context_.settings.of<specimens_config>().variants] {
          return image_variants::load(rules);
        });
    if (!variants) co_return std::unexpected(variants.error());
    variants_ = std::make_shared<image_variants const>(std::move(*variants));
    file_ = std::move(*opened);
    co_return result<>{};
  }

  /// Goes on with what was cut off, when it is of the same file; else from the start.
  task<result<>> begin() {
    auto const before =
        co_await context_.facts.read([](database& db) { return unfinished_ingest(db); });
    if (!before) co_return std::unexpected(before.error());
    // Under other rules the rest would not fit what is there already.
    bool const same = *before && (*before)->fingerprint == file_->fingerprint() &&
                      (*before)->rules == variants_->digest();
    if (same) {
      note_ = **before;
      log(log_level::info, "ingest", "goes on where it was cut off", field("rows", note_.rows));
      if (note_.doing != phase::merging && note_.position > 0) {
        auto const there =
            co_await on_cpu(context_, [this] { return file_->resume(note_.position, note_.line); });
        if (!there) co_return there;
      }
    } else {
      note_.fingerprint = file_->fingerprint();
      note_.rules = variants_->digest();
      auto const kept =
          co_await context_.facts.write([note = note_, bare = context_.alone](database& db) {
            if (bare) drop_empty_work_list(db);
            forget_rejected(db);
            keep_ingest(db, note);
          });
      if (!kept) co_return kept;
      remove_runs(runs_folder_);
    }
    show();
    co_return result<>{};
  }

  /// The work list of a large catalog takes a minute to make, in one piece: too long for a daemon.
  task<result<>> may_finish_here() {
    auto const has = co_await context_.facts.read([](database& db) { return has_work_list(db); });
    if (!has) co_return std::unexpected(has.error());
    if (*has || context_.alone) co_return result<>{};
    co_return fail(
        errc::config_invalid,
        "this ingest was begun without the daemon: stop it, and finish the ingest by the "
        "same command");
  }

  /// Merges rows that are in order into the catalog. False: they are not in order, or the run is
  /// to stop.
  task<result<bool>> merge(listed_rows& rows) {
    batch_maker maker{rows, *variants_, note_.after};
    queue<specimen_batch> read{batches_ahead};
    bool in_order = true;
    bool whole = false;
    result<> outcome;
    auto const written = co_await with_group([&](task_group& side) -> task<result<>> {
      side.spawn("list reader", read_batches(maker, read, in_order, whole, outcome));
      while (auto batch = co_await read.pop()) {
        auto const done = co_await write(std::move(*batch));
        if (!done) {
          read.close();
          co_return done;
        }
      }
      co_return result<>{};
    });
    if (!written) co_return std::unexpected(written.error());
    if (!outcome) co_return std::unexpected(outcome.error());
    co_return in_order&& whole;
  }

  task<> read_batches(batch_maker& maker, queue<specimen_batch>& into, bool& in_order, bool& whole,
                      result<>& outcome) {
    while (!context_.draining) {
      auto batch = std::make_shared<specimen_batch>();
      auto const got = co_await on_cpu(context_, [&maker, batch] { return maker.next(*batch); });
      if (!got) {
        outcome = std::unexpected(got.error());
        break;
      }
      in_order = *got != batch_maker::outcome::unsorted;
      if (!in_order) break;
      if (!co_await into.push(std::move(*batch))) break;
      whole = *got == batch_maker::outcome::end;
      if (whole) break;
    }
    into.close();
  }

  task<result<>> write(specimen_batch batch) {
    auto note = note_;
    bool const direct = note.doing == phase::direct;
    auto const rejected = static_cast<std::int64_t>(batch.rejected.size()) + batch.rejected_more;
    note.rejected += rejected;
    // The rows of a sorted list were counted when they were sorted.
    note.rows += direct ? batch.rows : -rejected;
    if (direct) {
      note.position = batch.position;
      note.line = batch.line;
    }
    auto const shared = std::make_shared<specimen_batch const>(std::move(batch));
    auto const kept =
        co_await context_.facts.write([shared, note, variants = variants_](database& db) mutable {
          auto const key = [&](std::string_view url) { return variants->read(url).key; };
          auto const sum = merge_list(db, *shared, note.after, key);
          add_rejected(db, shared->rejected);
          note.images += sum.images;
          note.specimens += sum.specimens;
          note.retired += sum.retired;
          note.after = std::max(note.after, shared->last_gbif_id);
          keep_ingest(db, note);
          return note;
        });
    if (!kept) co_return std::unexpected(kept.error());
    note_ = *kept;
    show();
    co_return result<>{};
  }

  /// Nothing of the attempt to read it in order is lost: its images are there, and stay as they
  /// are when they are merged again.
  task<result<>> begin_sorting() {
    note_ = {.fingerprint = note_.fingerprint, .rules = note_.rules, .doing = phase::sorting};
    auto const kept = co_await context_.facts.write([note = note_](database& db) {
      forget_rejected(db);
      keep_ingest(db, note);
    });
    if (!kept) co_return kept;
    co_return co_await open();
  }

  task<result<>> sort() {
    auto const sorter = std::make_shared<row_sorter>(runs_folder_, note_.runs);
    for (bool more = true; more && !context_.draining;) {
      auto const stretch = co_await on_cpu(
          context_, [this, sorter, note = note_] { return sort_stretch(*sorter, note); });
      if (!stretch) co_return std::unexpected(stretch.error());
      more = stretch->more;
      auto note = stretch->note;
      if (!more) note.doing = phase::merging;
      auto const kept =
          co_await context_.facts.write([note, rejected = stretch->rejected](database& db) {
            add_rejected(db, rejected);
            keep_ingest(db, note);
          });
      if (!kept) co_return kept;
      note_ = note;
      show();
    }
    co_return result<>{};
  }

  struct sorted_stretch {
    bool more = true;
    ingest_note note;
    std::vector<rejected_row> rejected;
  };
  /// Rows of the file until a run is full; on the cpu pool.
  result<sorted_stretch> sort_stretch(row_sorter& sorter, ingest_note note) {
    sorted_stretch out;
    listed_row row;
    while (!sorter.full()) {
      auto const got = file_->next(row);
      if (!got) return std::unexpected(got.error());
      out.more = *got;
      if (!*got || row.gbif_id == 0) break;
      ++note.rows;
      sorter.add(row);
    }
    out.rejected = file_->take_rejected();
    note.rejected += static_cast<std::int64_t>(out.rejected.size());
    note.position = file_->behind();
    note.line = file_->lines_behind();
    if (auto const done = sorter.write_run(); !done) return std::unexpected(done.error());
    note.runs = sorter.runs();
    out.note = std::move(note);
    return out;
  }

  task<result<>> finish() {
    if (note_.images == 0) {
      co_return fail(errc::bad_archive, "the list names no image; what is known stays as it is");
    }
    for (;;) {
      if (context_.draining) co_return result<>{};
      auto const rest = co_await context_.facts.write([note = note_](database& db) mutable {
        auto const gone = retire_rest(db, note.after, rows_at_once);
        note.after = gone.last_gbif_id;
        note.retired += gone.images;
        keep_ingest(db, note);
        return std::pair{note, gone.more};
      });
      if (!rest) co_return std::unexpected(rest.error());
      note_ = rest->first;
      if (!rest->second) break;
    }
    auto const done = co_await context_.facts.write([note = note_](database& db) {
      ensure_work_list(db);
      finish_ingest(db, note, to_rfc3339(now()));
    });
    if (!done) co_return done;
    remove_runs(runs_folder_);
    show();
    co_return result<>{};
  }

  void apply(std::string_view settings) {
    context_.facts.note([settings](database& db) { db.handle().exec(std::string{settings}); });
  }

  void show() {
    auto& counts = context_.counts<specimen_counts>();
    counts.list_rows = note_.rows + note_.rejected;
    counts.list_rejected = note_.rejected;
    counts.list_images = note_.images;
    counts.list_gbif_ids = note_.specimens;
    counts.list_retired = note_.retired;
    auto& board = context_.board(step::ingest);
    auto const share = file_ ? file_->share_read() : 0.0;
    board.done = note_.rows + note_.rejected;
    board.pending =
        share > 0.0 && share < 1.0
            ? static_cast<std::int64_t>(static_cast<double>(board.done) * (1.0 - share) / share)
            : 0;
  }

  run_context& context_;
  std::filesystem::path runs_folder_;
  std::unique_ptr<list_file> file_;
  std::shared_ptr<image_variants const> variants_;
  ingest_note note_;
};

}  // namespace

task<result<>> ingest(run_context& context) {
  auto const& request = context.asked<ingest_job>();
  if (request.finalize_only) co_return co_await recount_specimens(context);
  if (!request.legacy_only) {
    ingester work{context};
    auto const done = co_await work.run();
    if (!done || request.install_path.empty() || context.draining) co_return done;
  }
  co_return co_await import_legacy(context);
}

}  // namespace vinny
