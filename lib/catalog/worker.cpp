// SPDX-License-Identifier: MIT
#include "catalog/worker.hpp"

#include <sqlite3.h>

#include <algorithm>

#include "observe/log.hpp"
#include "observe/names.hpp"

namespace vinny {
namespace {

constexpr std::size_t batch_limit = 512;
/// While commits follow each other, each waits that long for company: an fsync costs as much for
/// one job as for many. A job that comes alone does not wait.
constexpr std::chrono::milliseconds linger{5};

}  // namespace

catalog_worker::catalog_worker(std::unique_ptr<database> db, std::filesystem::path file,
                               bool transactions)
    : db_(std::move(db)), file_(std::move(file)), transactions_(transactions) {
  thread_ = std::thread{[this] { serve(); }};
}

catalog_worker::~catalog_worker() {
  {
    std::lock_guard const hold{mutex_};
    stopping_ = true;
  }
  filled_.notify_one();
  thread_.join();
}

void catalog_worker::add(job one) {
  {
    std::lock_guard const hold{mutex_};
    jobs_.push_back(std::move(one));
  }
  filled_.notify_one();
}

void catalog_worker::post(std::function<void(database&)> work) {
  add({.work = std::move(work), .done = [](std::optional<failure> const& error) {
         if (error) log(log_level::warn, "catalog", error->message, field("reason", error->code));
       }});
}

std::chrono::steady_clock::duration catalog_worker::lag() const {
  std::lock_guard const hold{mutex_};
  auto const since = oldest_         ? oldest_
                     : jobs_.empty() ? std::nullopt
                                     : std::optional{jobs_.front().since};
  return since ? std::chrono::steady_clock::now() - *since
               : std::chrono::steady_clock::duration::zero();
}

void catalog_worker::serve() {
  auto last_commit = std::chrono::steady_clock::time_point::min();
  for (;;) {
    std::deque<job> batch;
    {
      std::unique_lock hold{mutex_};
      oldest_.reset();
      filled_.wait(hold, [this] { return stopping_ || !jobs_.empty(); });
      if (jobs_.empty()) return;
      if (transactions_ && jobs_.front().since < last_commit + linger) {
        hold.unlock();
        std::this_thread::sleep_for(linger);
        hold.lock();
      }
      oldest_ = jobs_.front().since;
      while (!jobs_.empty() && batch.size() < batch_limit) {
        batch.push_back(std::move(jobs_.front()));
        jobs_.pop_front();
      }
    }
    run_batch(batch);
    last_commit = std::chrono::steady_clock::now();
  }
}

std::optional<failure> catalog_worker::run_one(job& one) {
  try {
    one.work(*db_);
    return std::nullopt;
  } catch (SQLite::Exception const& error) {
    return from_sqlite(error, file_);
  } catch (std::exception const& error) {
    return failure{errc::internal, error.what()};
  }
}

void catalog_worker::run_batch(std::deque<job>& batch) {
  std::vector<std::optional<failure>> outcomes(batch.size());
  if (!transactions_) {
    for (std::size_t i = 0; i < batch.size(); ++i) {
      try {
        outcomes[i] = run_one(batch[i]);
      } catch (rolled_back const&) {  // NOLINT(bugprone-empty-catch): the result tells
      }
      batch[i].done(std::move(outcomes[i]));
    }
    return;
  }
  auto const began = std::chrono::steady_clock::now();
  run_transaction(batch, outcomes);
  instruments::global().catalog_commit_duration.observe(
      std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
  for (std::size_t i = 0; i < batch.size(); ++i) batch[i].done(std::move(outcomes[i]));
}

void catalog_worker::run_transaction(std::deque<job>& batch,
                                     std::vector<std::optional<failure>>& outcomes) {
  try {
    db_->execute("BEGIN IMMEDIATE");
    for (std::size_t i = 0; i < batch.size(); ++i) {
      db_->execute("SAVEPOINT job");
      bool keep = true;
      try {
        outcomes[i] = run_one(batch[i]);
        keep = !outcomes[i];
      } catch (rolled_back const&) {
        keep = false;
      }
      if (!keep && sqlite3_get_autocommit(db_->handle().getHandle()) != 0) {
        // SQLite has given up the whole transaction: a full disk, an I/O error.
        std::ranges::fill(outcomes, std::optional{outcomes[i].value_or(
                                        failure{errc::io_error, "the transaction was undone"})});
        return;
      }
      if (!keep) db_->execute("ROLLBACK TO job");
      db_->execute("RELEASE job");
    }
    db_->execute("COMMIT");
  } catch (SQLite::Exception const& error) {
    // Nothing of this batch is on disk: every job of it failed.
    auto const why = from_sqlite(error, file_);
    try {
      db_->handle().exec("ROLLBACK");
    } catch (SQLite::Exception const&) {  // NOLINT(bugprone-empty-catch): SQLite did it itself
    }
    for (auto& outcome : outcomes) outcome = why;
  }
}

}  // namespace vinny
