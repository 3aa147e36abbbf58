// SPDX-License-Identifier: MIT
#include "events/publish/d1_export.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <vector>

#include "core/digest.hpp"
#include "events/publish/d1_batch.hpp"
#include "events/publish/script.hpp"
#include "observe/log.hpp"
#include "policy/backoff.hpp"
#include "policy/classify.hpp"
#include "task/offload.hpp"

namespace vinny {
namespace {

using namespace std::chrono_literals;

// Small enough to be sent in one go and to be held in memory twice.
constexpr d1_limits one_import{.rows = 200'000, .bytes = 24U << 20};
constexpr auto first_poll = 250ms;
constexpr auto longest_poll = 5s;

bool may_pass(failure const& why) noexcept {
  // An answer that is no JSON comes from something in between, which may be gone next time.
  return classify(why.code) == verdict::retry || why.code == errc::bad_json;
}

bool is_too_slow(errc code) noexcept {
  return code == errc::first_byte_timeout || code == errc::total_timeout || code == errc::stalled ||
         code == errc::http_server_error;
}

class exporter {
 public:
  exporter(d1_rest& rest, asio::thread_pool& cpu, std::span<change const> changes, d1_export how)
      : rest_(rest), cpu_(cpu), how_(std::move(how)), ordered_(in_safe_order(changes)) {}

  task<result<>> run() {
    if (!how_.prepare.empty()) {
      auto const made = co_await again(within(how_.patience), [this](deadline limit) {
        return rest_.query(how_.prepare, limit);
      });
      if (!made) co_return std::unexpected(made.error());
    }
    if (how_.way == d1_way::query) {
      auto const sent = co_await by_queries();
      if (sent || !may_pass(sent.error()) || how_.stopping()) co_return sent;
      log(log_level::warn, "publish", "queries do not get through; an import is tried",
          field("reason", sent.error().code));
      auto const imported = co_await by_imports();
      co_return imported ? imported : sent;
    }
    auto const imported = co_await by_imports();
    if (imported || how_.stopping()) co_return imported;
    auto const code = imported.error().code;
    if (code == errc::publish_credentials || code == errc::publish_missing) co_return imported;
    // Queries go further where an import cannot, and name the row where D1 refuses one.
    log(log_level::warn, "publish",
        "the import failed; queries are tried: " + imported.error().message, field("reason", code));
    co_return co_await by_queries();
  }

 private:
  [[nodiscard]] std::span<change const* const> rest_of_changes() const noexcept {
    return std::span<change const* const>{ordered_}.subspan(at_);
  }
  task<result<d1_batch>> next(d1_limits limits) {
    if (how_.stopping()) co_return fail(errc::cancelled, "the export was told to stop");
    co_return co_await offload(cpu_,
                               [todo = rest_of_changes(), limits] { return pack(todo, limits); });
  }
  task<result<>> confirm(std::size_t count) {
    auto const done = co_await how_.confirm(rest_of_changes().first(count));
    if (done) at_ += count;
    co_return done;
  }

  task<result<>> by_queries() {
    d1_pace pace;
    int failures = 0;
    auto until = within(how_.patience);
    while (at_ < ordered_.size()) {
      auto batch = co_await next(pace.limits(at_));
      if (!batch) co_return std::unexpected(batch.error());
      auto const began = clock::now();
      auto sent = co_await rest_.query(std::move(batch->sql), until);
      if (sent && sent->statements < batch->statements) {
        sent = fail(errc::bad_json,
                    fmt::format("D1 told of {} statements where {} were sent; whether the others "
                                "were carried out is unknown",
                                sent->statements, batch->statements));
      }
      if (sent) {
        pace.confirmed(*batch, clock::now() - began);
        if (auto const kept = co_await confirm(batch->changes); !kept) co_return kept;
        failures = 0;
        until = within(how_.patience);
        continue;
      }
      auto const& why = sent.error();
      if (why.code == errc::publish_rejected) {
        if (pace.refused(at_, batch->changes)) continue;
        co_return fail(why.code, fmt::format("{} (row {})", why.message, ordered_[at_]->key));
      }
      if (is_too_slow(why.code)) pace.too_much();
      if (auto const waited = co_await rest_a_while(why, ++failures, until); !waited) {
        co_return waited;
      }
    }
    co_return result<>{};
  }

  task<result<>> by_imports() {
    while (at_ < ordered_.size()) {
      auto batch = co_await next(one_import);
      if (!batch) co_return std::unexpected(batch.error());
      auto const count = batch->changes;
      auto const done = co_await import(std::move(batch->sql), within(how_.import_patience));
      if (!done) co_return done;
      if (auto const kept = co_await confirm(count); !kept) co_return kept;
    }
    co_return result<>{};
  }

  task<result<>> import(std::string file, deadline until) {
    auto const md5 = co_await offload(cpu_, [&file] { return md5_hex(file); });
    auto step =
        co_await again(until, [&](deadline limit) { return rest_.import_init(md5, limit); });
    if (step && step->now == d1_import::state::upload) {
      auto const put = co_await again(until, [&, where = step->upload_url](deadline limit) {
        return rest_.import_upload(where, file, md5, limit);
      });
      if (!put) co_return put;
      step = co_await again(until, [&, name = step->filename](deadline limit) {
        return rest_.import_ingest(name, md5, limit);
      });
    }
    auto pause = std::chrono::milliseconds{first_poll};
    while (step && step->now == d1_import::state::active) {
      if (how_.stopping()) co_return fail(errc::cancelled, "the export was told to stop");
      if (step->bookmark.empty() || clock::now() + pause >= until) {
        co_return fail(errc::total_timeout,
                       fmt::format("the import into D1 did not end within {} s; whether it will "
                                   "is unknown, so its rows are sent again",
                                   how_.import_patience.count()));
      }
      co_await sleep_for(pause);
      pause = std::min<std::chrono::milliseconds>(pause * 2, longest_poll);
      step = co_await again(until, [&, mark = step->bookmark](deadline limit) {
        return rest_.import_poll(mark, limit);
      });
    }
    if (!step) co_return std::unexpected(step.error());
    if (step->now == d1_import::state::complete) co_return result<>{};
    if (step->now == d1_import::state::failed) co_return std::unexpected(rejected_sql(step->error));
    co_return fail(errc::http_server_error,
                   "D1 no longer knows how the import ended, so its rows are sent again");
  }

  /// Until it is answered, refused, or attempts or time have run out.
  template <class Ask>
  auto again(deadline until, Ask ask) -> decltype(ask(until)) {
    for (int failures = 0;;) {
      auto answer = co_await ask(until);
      if (answer) co_return answer;
      auto const waited = co_await rest_a_while(answer.error(), ++failures, until);
      if (!waited) co_return std::unexpected(waited.error());
    }
  }

  /// Waits before the next attempt, or fails with `why` when there is none.
  task<result<>> rest_a_while(failure why, int failures, deadline until) {
    if (how_.stopping()) co_return fail(errc::cancelled, "the export was told to stop");
    if (!may_pass(why) || failures >= how_.attempts) co_return std::unexpected(why);
    auto pause = backoff(failures, chance());
    if (why.retry_at) {
      pause = std::max(pause, std::chrono::milliseconds{*why.retry_at - now()});
    }
    if (clock::now() + pause >= until) co_return std::unexpected(why);
    log(log_level::info, "publish", "D1 is asked again: " + why.message, field("reason", why.code),
        field("attempt", failures), field("wait_seconds", pause));
    // In small steps, so that an end of the program does not wait for D1.
    for (auto const end = clock::now() + pause; clock::now() < end;) {
      if (how_.stopping()) co_return fail(errc::cancelled, "the export was told to stop");
      co_await sleep_until(std::min(end, clock::now() + 200ms));
    }
    co_return result<>{};
  }

  double chance() { return std::uniform_real_distribution<>{0.0, 1.0}(random_); }

  d1_rest& rest_;
  asio::thread_pool& cpu_;
  d1_export how_;
  std::vector<change const*> ordered_;
  std::size_t at_ = 0;  // the first change that is not confirmed
  std::mt19937 random_{std::random_device{}()};
};

}  // namespace

task<result<>> export_to_d1(d1_rest& rest, asio::thread_pool& cpu, std::span<change const> changes,
                            d1_export how) {
  exporter work{rest, cpu, changes, std::move(how)};
  co_return co_await work.run();
}

}  // namespace vinny
