// SPDX-License-Identifier: MIT
//
// A thread with one SQLite connection. Writes that wait together are committed together (group
// commit); each still succeeds or fails alone, in its own savepoint. The caller resumes after the
// commit is on disk.
#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <type_traits>

#include "catalog/database.hpp"
#include "task/task.hpp"

namespace vinny {

/// result<T> of T; a result stays what it is.
template <class T>
struct as_result {
  using type = result<T>;
};
template <class T>
struct as_result<result<T>> {
  using type = result<T>;
};

class catalog_worker {
 public:
  /// Takes over an open connection. `transactions`: jobs run in transactions (the writer).
  catalog_worker(std::unique_ptr<database> db, std::filesystem::path file, bool transactions);
  catalog_worker(catalog_worker const&) = delete;
  catalog_worker& operator=(catalog_worker const&) = delete;
  /// Finishes the jobs that are waiting.
  ~catalog_worker();

  /// Runs `work(database&)` on the thread and resumes on the loop with its value. An
  /// SQLite::Exception becomes a failure; a failed result rolls its own writes back.
  template <class Work>
  [[nodiscard]] auto run(Work work)
      -> task<typename as_result<std::invoke_result_t<Work&, database&>>::type>;

  /// The same without waiting, from any thread: for notes whose loss in a crash does no harm.
  void post(std::function<void(database&)> work);

  /// How long the oldest unfinished job has waited; zero when idle. From any thread.
  [[nodiscard]] std::chrono::steady_clock::duration lag() const;

 private:
  struct rolled_back {};  // thrown through a savepoint when the job's own result is a failure
  struct job {
    std::function<void(database&)> work;
    std::function<void(std::optional<failure>)> done;  // after the commit, on the worker's thread
    std::chrono::steady_clock::time_point since = std::chrono::steady_clock::now();
  };
  void add(job one);
  void serve();
  void run_batch(std::deque<job>& batch);
  void run_transaction(std::deque<job>& batch, std::vector<std::optional<failure>>& outcomes);
  std::optional<failure> run_one(job& one);

  std::unique_ptr<database> db_;
  std::filesystem::path file_;
  bool transactions_;
  mutable std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<job> jobs_;
  std::optional<std::chrono::steady_clock::time_point> oldest_;
  bool stopping_ = false;
  std::thread thread_;
};

template <class Work>
auto catalog_worker::run(Work work)
    -> task<typename as_result<std::invoke_result_t<Work&, database&>>::type> {
  using raw = std::invoke_result_t<Work&, database&>;
  using value = typename as_result<raw>::type;
  struct state {
    std::optional<value> out;
  };
  auto const shared = std::make_shared<state>();
  // Not cancellable on purpose: see task/offload.
  auto token = asio::bind_cancellation_slot(asio::cancellation_slot{}, asio::use_awaitable);
  co_await asio::async_initiate<decltype(token), void()>(
      [this, shared](auto handler, Work job_work) {
        auto const home = asio::get_associated_executor(handler);
        auto const resume = std::make_shared<decltype(handler)>(std::move(handler));
        add({.work =
                 [shared, job_work = std::move(job_work)](database& db) mutable {
                   if constexpr (std::is_void_v<raw>) {
                     job_work(db);
                     shared->out.emplace();
                   } else if constexpr (std::is_same_v<raw, value>) {
                     shared->out.emplace(job_work(db));
                     if (!*shared->out) throw rolled_back{};
                   } else {
                     shared->out.emplace(value{job_work(db)});
                   }
                 },
             .done =
                 [shared, resume,
                  guard = asio::make_work_guard(home)](std::optional<failure> error) {
                   if (error) shared->out.emplace(std::unexpected(std::move(*error)));
                   asio::post(guard.get_executor(), [resume] { (*resume)(); });
                 }});
      },
      token, std::move(work));
  co_return std::move(*shared->out);
}

}  // namespace vinny
