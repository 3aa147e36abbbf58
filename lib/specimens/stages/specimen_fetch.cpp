// SPDX-License-Identifier: MIT
#include "specimens/stages/specimen_fetch.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/host_name.hpp"
#include "core/text.hpp"
#include "policy/classify.hpp"
#include "run/image_limits.hpp"
#include "run/patient.hpp"
#include "specimens/model/specimen_counts.hpp"
#include "specimens/model/specimen_settings.hpp"
#include "specimens/source/image_reference.hpp"
#include "specimens/source/manifest.hpp"
#include "task/offload.hpp"

namespace vinny {
namespace {

constexpr int fewest_bodies = 16;
constexpr int bodies_per_request = 2;
constexpr int most_drafts = 512;
constexpr std::int64_t largest_manifest = 8LL << 20;

struct room {
  semaphore::permit place;
  semaphore::permit body;
};

image_limits limits_of(config const& settings) {
  auto out = image_limits_of(settings);
  out.max_bytes = settings.of<specimens_config>().max_bytes;
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

/// With 206 it would be a part of an image.
result<response> sent_whole(result<response> answer) {
  auto checked = checked_status(std::move(answer));
  if (!checked || is_whole_answer(checked->status)) return checked;
  failure why{errc::http_unexpected,
              fmt::format("{}: unexpected status {}", checked->final_url, checked->status)};
  why.http_status = checked->status;
  return std::unexpected(std::move(why));
}

}  // namespace

specimen_fetch::specimen_fetch(run_context& context)
    : context_(context),
      bodies_(std::max(fewest_bodies, bodies_per_request * context.settings.http.concurrency)),
      drafts_(most_drafts) {}

task<result<std::optional<specimen_file>>> specimen_fetch::on_disk(specimen_job const& job) {
  co_return co_await on_cpu(
      context_,
      [files = context_.files, id = job.id, how = context_.settings.of<specimens_config>(),
       limits = limits_of(context_.settings), not_before = not_before_] {
        return result<std::optional<specimen_file>>{find_kept(files, id, how, limits, not_before)};
      });
}

task<result<fetched_specimen>> specimen_fetch::get(specimen_job const& job, deadline limit) {
  if (job.on_disk) {
    auto const there = co_await on_disk(job);
    if (!there) co_return std::unexpected(there.error());
    if (*there) {
      co_return fetched_specimen{.file = **there,
                                 .host = lane_name(host_in(job.urls.front())),
                                 .draft = std::nullopt,
                                 .place = {}};
    }
  }
  std::vector<failure> failures;
  for (auto const& url : job.urls) {
    auto got = co_await try_candidate(job, url, limit);
    if (got) co_return got;
    auto const what = classify(got.error().code);
    if (what == verdict::halt || what == verdict::stop) co_return got;
    // Whose rest it is, is for postpone().
    if (is_deferral(got.error().code)) got.error().evidence = lane_name(host_in(url));
    failures.push_back(std::move(got.error()));
  }
  if (failures.empty()) co_return fail(errc::bad_url, "the image has no address");
  co_return std::unexpected(telling(failures));
}

task<result<fetched_specimen>> specimen_fetch::try_candidate(specimen_job const& job,
                                                             std::string const& url,
                                                             deadline limit) {
  auto const kind = read_reference(url).kind;
  bool const document = kind == reference_kind::manifest || kind == reference_kind::info;
  co_return document ? co_await try_manifest(job, url, limit) : co_await try_image(job, url, limit);
}

task<result<fetched_specimen>> specimen_fetch::try_manifest(specimen_job const& job,
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
    co_return fail(errc::bad_manifest,
                   fmt::format("{}: manifest: {}", safe_url(url), images.error().message));
  }
  failure last{errc::bad_manifest, "the manifest's images cannot be fetched"};
  for (auto const& one : *images) {
    auto got = co_await try_image(job, one, limit);
    if (got || classify(got.error().code) != verdict::reject) co_return got;
    last = std::move(got.error());
  }
  co_return std::unexpected(std::move(last));
}

task<result<fetched_specimen>> specimen_fetch::try_image(specimen_job const& job,
                                                         std::string const& url, deadline limit) {
  auto const target = url::parse(url);
  if (!target) co_return std::unexpected(target.error());
  request what{.target = *target,
               .max_body = context_.settings.of<specimens_config>().max_bytes,
               .accept_gzip = false};
  what.headers.emplace_back("Accept", accept_pictures);
  // A body is some memory until it is digested, and an open file until that is in its place:
  // without room for both, nothing is asked for.
  what.admit = [this](deadline until) { return room_for_one(until); };
  auto const came = std::make_shared<received_body>();
  what.overflow = [this, came](std::string piece, bool first) {
    return spill(came, std::move(piece), first);
  };
  auto answer = sent_whole(co_await context_.web.send(std::move(what), limit));
  if (!answer) {
    co_await discard(came);
    co_return std::unexpected(answer.error());
  }
  if (answer->overflowed == 0) co_await discard(came);
  auto const space = std::static_pointer_cast<room>(answer->room);
  auto host = bare_host(answer->final_url.host());
  auto kept = co_await keep(job, std::move(*answer), came, target->path());
  if (!kept) {
    kept.error().message = fmt::format("{}: {}", safe_url(url), kept.error().message);
    co_return std::unexpected(kept.error());
  }
  co_return fetched_specimen{.file = std::move(kept->file),
                             .host = std::move(host),
                             .draft = std::move(kept->draft),
                             .place = std::move(space->place)};
}

task<result<std::shared_ptr<void>>> specimen_fetch::room_for_one(deadline until) {
  bool const halted = context_.board(step::specimens).halted;
  if (context_.draining || halted || context_.disk.low()) co_return nullptr;
  auto out = std::make_shared<room>();
  out->place = co_await drafts_.acquire(until);
  if (out->place) out->body = co_await bodies_.acquire(until);
  if (!out->body) co_return nullptr;
  co_return std::move(out);
}

task<> specimen_fetch::discard(std::shared_ptr<received_body> body) {
  if (!body->drafted()) co_return;
  static_cast<void>(co_await on_cpu(context_, [body] {
    body->restart();
    return true;
  }));
}

task<result<>> specimen_fetch::spill(std::shared_ptr<received_body> into, std::string piece,
                                     bool first) {
  co_return co_await on_cpu(context_,
                            [files = context_.files, into, piece = std::move(piece), first] {
                              if (first) into->restart();
                              return into->append(files, piece);
                            });
}

task<result<kept_image>> specimen_fetch::keep(specimen_job const& job, response answer,
                                              std::shared_ptr<received_body> body,
                                              std::string path) {
  auto const rest = std::make_shared<std::string>(std::move(answer.body));
  auto const got = std::make_shared<received_image>(
      received_image{.body = std::move(body),
                     .content_type = std::string{answer.header("Content-Type")},
                     .path = std::move(path),
                     .corrupt_sha256 = job.corrupt_sha256});
  return on_cpu(
      context_,
      [got, rest, id = job.id, how = context_.settings.of<specimens_config>(),
       limits = limits_of(context_.settings), files = context_.files]() -> result<kept_image> {
        if (auto const closed = got->body->close(files, std::move(*rest)); !closed) {
          return std::unexpected(closed.error());
        }
        auto kept = keep_image(files, id, *got, how, limits);
        got->body->restart();  // here, and not on the loop: a draft may take a while to go
        return kept;
      });
}

}  // namespace vinny
