// SPDX-License-Identifier: MIT
#include "pipeline/specimen_stage.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "catalog/notes.hpp"
#include "catalog/specimen_list.hpp"
#include "core/text.hpp"
#include "pipeline/ask.hpp"
#include "pipeline/image_limits.hpp"
#include "pipeline/ingest_note.hpp"
#include "pipeline/specimen_keep.hpp"
#include "policy/classify.hpp"
#include "source/archive/image_reference.hpp"
#include "source/archive/manifest.hpp"
#include "source/archive/specimen_failure.hpp"
#include "task/offload.hpp"

namespace vinny {
namespace {

/// One that waits for its host holds nothing but its place; one whose image is read, its bytes.
constexpr int workers_per_request = 2;
constexpr int fewest_workers = 16;
constexpr int most_workers = 512;
constexpr int most_undigested = 16;
constexpr std::size_t in_hand_per_host = 8;  // more would only wait for the host's pace
constexpr std::int64_t largest_manifest = 8LL << 20;
constexpr std::size_t reopened_at_once = 5'000;

image_limits limits_of(config const& settings) {
  auto out = image_limits_of(settings);
  out.max_bytes = settings.specimens.max_bytes;
  return out;
}

/// Which of several candidates' failures tells most: a host that is to be left alone says nothing
/// of the image, and what may pass leaves hope.
failure const& telling(std::vector<failure> const& all) {
  for (auto const& one : all) {
    if (is_deferral(one.code)) return one;
  }
  for (auto const& one : all) {
    if (classify(one.code) != verdict::reject) return one;
  }
  return all.front();
}

}  // namespace

task<result<>> specimen_stage::open() {
  struct ground {
    std::vector<specimen_host> hosts;
    std::string reset_at;
  };
  auto const found = co_await context_.facts.read([](database& db) {
    return ground{hosts_with_pending(db), read_note(db, reset_note).value_or("")};
  });
  if (!found) co_return std::unexpected(found.error());
  hosts_.open(found->hosts);
  not_before_ = std::filesystem::file_time_type::min();
  if (auto const reset = from_rfc3339(found->reset_at)) {
    not_before_ = std::chrono::file_clock::from_sys(*reset);
  }
  co_return result<>{};
}

std::size_t specimen_stage::room_of(std::string const& host) const {
  return std::max(in_hand_per_host,
                  static_cast<std::size_t>(context_.settings.politeness_of(host).concurrency));
}

task<result<std::vector<specimen_job>>> specimen_stage::claim(std::size_t limit) {
  std::vector<specimen_job> out;
  released_.clear();
  auto const room = [&](std::string const& host) { return room_of(host); };
  // What was read may have been done with since.
  auto const is_free = [&](specimen_job const& job) {
    auto const id = job.id.number();
    return !active_.contains(id) && !released_.contains(id);
  };
  auto const take = [&](specimen_job job) {
    active_.insert(job.id.number());
    hosts_.took(job.host);
    out.push_back(std::move(job));
  };
  auto again = co_await context_.facts.read([at = to_ms(now()), most = limit + active_.size()](
                                                database& db) { return due_again(db, at, most); });
  if (!again) co_return again;
  for (auto& job : *again) {
    hosts_.know(job.host, job.host_name);
    // Half of the window at most, so that what is new goes on too.
    if (out.size() > limit / 2) break;
    if (is_free(job) && hosts_.may_take(job.host, to_ms(now()), room)) take(std::move(job));
  }
  while (out.size() < limit) {
    auto const turn = hosts_.next(to_ms(now()), room);
    if (!turn) break;
    // After a rest, what is in hand of the host lies there too.
    auto const most = std::min(turn->room, limit - out.size());
    auto const asked = most + turn->in_hand;
    auto found = co_await context_.facts.read([turn = *turn, asked](database& db) {
      return pending_images(db, turn.id, turn.after, asked);
    });
    if (!found) co_return found;
    bool const all = found->size() < asked;
    std::erase_if(*found, [&](auto const& job) { return !is_free(job); });
    bool const more = !all || found->size() > most;
    if (found->size() > most) found->resize(most);
    hosts_.claimed(*turn, *found, more);
    for (auto& job : *found) {
      job.host_name = hosts_.name_of(job.host);
      take(std::move(job));
    }
  }
  co_return out;
}

void specimen_stage::release(specimen_job const& job) {
  released_.insert(job.id.number());
  active_.erase(job.id.number());
  hosts_.released(job.host);
}

int specimen_stage::attempts_allowed(specimen_job const&) const {
  return context_.settings.politeness.retries + 1;
}

task<result<work_outlook>> specimen_stage::outlook() {
  auto const found = co_await context_.facts.read([](database& db) { return outlook_of(db); });
  if (!found) co_return std::unexpected(found.error());
  auto const at = to_ms(now());
  work_outlook out{found->pending + found->waiting, 0};
  if (hosts_.any_open(at)) co_return out;
  auto next = hosts_.next_rest_ends(at);
  if (found->waiting > 0) next = std::min(next.value_or(INT64_MAX), found->next_due_ms);
  if (next) {
    out.next_due_ms = *next;
  } else {
    out.pending = static_cast<std::int64_t>(active_.size());  // the rest is of no host that we have
  }
  co_return out;
}

task<result<std::optional<specimen_file>>> specimen_stage::on_disk(specimen_job const& job) {
  co_return co_await offload(
      context_.cpu, [files = context_.files, id = job.id, how = context_.settings.specimens,
                     limits = limits_of(context_.settings), not_before = not_before_] {
        return result<std::optional<specimen_file>>{find_kept(files, id, how, limits, not_before)};
      });
}

task<result<specimen_stage::output>> specimen_stage::run(specimen_job const& job, deadline limit) {
  if (job.attempts == 0) {
    auto const there = co_await on_disk(job);
    if (!there) co_return std::unexpected(there.error());
    if (*there) {
      co_return output{.file = **there,
                       .host = bare_host(to_lower(host_in(job.urls.front()))),
                       .fetched = false};
    }
  }
  std::vector<failure> failures;
  for (auto const& url : job.urls) {
    auto got = co_await try_candidate(job, url, limit);
    if (got) co_return got;
    auto const what = classify(got.error().code);
    if (what == verdict::halt || what == verdict::stop) co_return got;
    // Whose rest it is, is for postpone().
    if (is_deferral(got.error().code)) got.error().evidence = bare_host(to_lower(host_in(url)));
    failures.push_back(std::move(got.error()));
  }
  if (failures.empty()) co_return fail(errc::bad_url, "the image has no address");
  co_return std::unexpected(telling(failures));
}

task<result<specimen_stage::output>> specimen_stage::try_candidate(specimen_job const& job,
                                                                   std::string const& url,
                                                                   deadline limit) {
  auto const kind = read_reference(url).kind;
  bool const document = kind == reference_kind::manifest || kind == reference_kind::info;
  co_return document ? co_await try_manifest(job, url, limit) : co_await try_image(job, url, limit);
}

task<result<specimen_stage::output>> specimen_stage::try_manifest(specimen_job const& job,
                                                                  std::string const& url,
                                                                  deadline limit) {
  auto const target = url::parse(url);
  if (!target) co_return std::unexpected(target.error());
  request what{.target = *target, .max_body = largest_manifest};
  what.headers.emplace_back("Accept", "application/json, application/ld+json");
  auto answer = checked_status(co_await context_.web.send(std::move(what), limit));
  if (!answer) co_return std::unexpected(answer.error());
  auto const images = images_of_manifest(std::exchange(answer->body, {}));
  if (!images) {
    // A broken document may be whole the next time.
    co_return fail(errc::bad_encoding,
                   fmt::format("{}: manifest: {}", safe_url(url), images.error().message));
  }
  failure last{errc::bad_encoding, "the manifest's images cannot be fetched"};
  for (auto const& one : *images) {
    auto got = co_await try_image(job, one, limit);
    if (got || classify(got.error().code) != verdict::reject) co_return got;
    last = std::move(got.error());
  }
  co_return std::unexpected(std::move(last));
}

task<result<specimen_stage::output>> specimen_stage::try_image(specimen_job const& job,
                                                               std::string const& url,
                                                               deadline limit) {
  auto const target = url::parse(url);
  if (!target) co_return std::unexpected(target.error());
  request what{
      .target = *target, .max_body = context_.settings.specimens.max_bytes, .accept_gzip = false};
  what.headers.emplace_back("Accept", "image/jpeg, image/png;q=0.9, image/*;q=0.5, */*;q=0.1");
  // Bodies that wait for the cpu pool are memory: no more are asked for meanwhile.
  while (undigested_ >= most_undigested) {
    if (!co_await digested_.wait(limit)) co_return fail(errc::total_timeout, "the cpu is too busy");
  }
  auto answer = checked_status(co_await context_.web.send(std::move(what), limit));
  if (!answer) co_return std::unexpected(answer.error());
  auto host = bare_host(answer->final_url.host());
  ++undigested_;
  auto kept = co_await keep(job, std::move(*answer), target->path());
  --undigested_;
  digested_.notify_all();
  if (!kept) {
    kept.error().message = fmt::format("{}: {}", safe_url(url), kept.error().message);
    co_return std::unexpected(kept.error());
  }
  co_return output{.file = std::move(*kept), .host = std::move(host), .fetched = true};
}

task<result<specimen_file>> specimen_stage::keep(specimen_job const& job, response answer,
                                                 std::string path) {
  auto const body = std::make_shared<received_image>(
      received_image{.body = std::move(answer.body),
                     .content_type = std::string{answer.header("Content-Type")},
                     .path = std::move(path),
                     .corrupt_sha256 = job.corrupt_sha256});
  return offload(context_.cpu, [body, id = job.id, how = context_.settings.specimens,
                                limits = limits_of(context_.settings), files = context_.files] {
    return keep_image(files, id, std::move(*body), how, limits);
  });
}

task<result<>> specimen_stage::finish(specimen_job const& job, output out) {
  bool const fetched = out.fetched;
  auto const recorded =
      co_await context_.facts.write([job, out = std::move(out), at = to_ms(now())](database& db) {
        return specimen_done(db, job, out.host, out.file, at);
      });
  if (!recorded) co_return std::unexpected(recorded.error());
  if (!*recorded) co_return result<>{};  // a newer list does not name it any more
  ++(fetched ? context_.counts().specimens_fetched : context_.counts().specimens_adopted);
  co_return result<>{};
}

task<result<>> specimen_stage::postpone(specimen_job const& job, failure const& why, int attempts,
                                        std::int64_t due_ms) {
  if (is_deferral(why.code) && job.attempts > 0) {
    hosts_.rest(job.host, why.evidence == job.host_name ? due_ms : 0);
    co_return co_await context_.facts.write(
        [id = job.id, due_ms](database& db) { specimen_put_off(db, id, due_ms); });
  }
  if (is_deferral(why.code) && why.evidence == job.host_name) {
    // The image is as it was; its host is left alone.
    hosts_.rest(job.host, job.id.number(), due_ms);
    co_return result<>{};
  }
  co_return co_await context_.facts.write(
      [job, why, attempts, due_ms, at = to_ms(now())](database& db) {
        auto const corrupt = why.code == errc::image_corrupt ? why.evidence : job.corrupt_sha256;
        specimen_failed(db, job, specimen_state::failed_transient,
                        {.reason = failure_type(why.code),
                         .http_status = status_of(why.code),
                         .detail = why.message,
                         .corrupt_sha256 = corrupt,
                         .attempts = attempts,
                         .due_ms = due_ms},
                        at);
      });
}

task<result<bool>> specimen_stage::give_up(specimen_job const& job, failure const& why,
                                           int attempts) {
  bool const for_good = classify(why.code) == verdict::reject;
  if (for_good) instruments::global().image_rejected(why.code).add();
  auto const detail =
      why.code == errc::not_an_image && !why.evidence.empty() ? why.evidence : why.message;
  auto const recorded = co_await context_.facts.write(
      [job, why, attempts, for_good, detail, at = to_ms(now())](database& db) {
        specimen_failed(db, job,
                        for_good ? specimen_state::failed_permanent : specimen_state::exhausted,
                        {.reason = failure_type(why.code),
                         .http_status = status_of(why.code),
                         .detail = detail,
                         .corrupt_sha256 = job.corrupt_sha256,
                         .attempts = attempts,
                         .due_ms = 0},
                        at);
      });
  if (!recorded) co_return std::unexpected(recorded.error());
  ++context_.counts().specimens_failed;
  co_return true;
}

task<result<>> download_specimens(run_context& context) {
  auto const ready = co_await context.facts.read([](database& db) { return has_work_list(db); });
  if (!ready) co_return std::unexpected(ready.error());
  if (!*ready) {
    co_return fail(errc::config_invalid,
                   "an ingest was cut off: finish it first, by `vinny specimens ingest` as before");
  }
  for (std::int64_t after = 0; !context.draining;) {
    auto const last = co_await context.facts.write(
        [after, allowed = context.settings.politeness.retries + 1](database& db) {
          return reopen_exhausted(db, allowed, after, reopened_at_once);
        });
    if (!last) co_return std::unexpected(last.error());
    if (*last == 0) break;
    after = *last;
  }
  specimen_stage stage{context};
  if (auto const opened = co_await stage.open(); !opened) co_return opened;
  auto const workers = std::clamp(context.settings.http.concurrency * workers_per_request,
                                  fewest_workers, most_workers);
  co_return co_await run_stage(
      context, stage, {.workers = workers, .patience = context.settings.politeness.patience});
}

}  // namespace vinny
