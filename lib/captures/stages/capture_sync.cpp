// SPDX-License-Identifier: MIT
#include "captures/stages/capture_sync.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "blob/sorted_walk.hpp"
#include "captures/model/capture_counts.hpp"
#include "captures/model/capture_settings.hpp"
#include "captures/model/thumbnail.hpp"
#include "captures/stages/capture_gear.hpp"
#include "captures/stages/sync_captures_job.hpp"
#include "captures/tables/captures.hpp"
#include "core/text.hpp"
#include "observe/log.hpp"
#include "task/offload.hpp"

namespace vinny {
namespace {

constexpr std::size_t compared_at_once = 1'000;
constexpr std::size_t removed_at_once = 1'000;
constexpr std::chrono::seconds list_time{60};
/// Greater than every key: no UTF-8 text begins so.
constexpr std::string_view behind_all = "\xFF";

bool looks_like_picture(std::string_view path) {
  constexpr std::array<std::string_view, 3> endings{".jpg", ".jpeg", ".png"};
  return std::ranges::any_of(endings, [path](std::string_view ending) {
    return path.size() > ending.size() && iequals(path.substr(path.size() - ending.size()), ending);
  });
}

struct source_page {
  std::vector<capture> found{};
  std::string last{};  // every picture up to here is among them
  std::int64_t passed_over = 0;
  bool more = true;
};

/// A source of captures, read page by page.
class capture_source {
 public:
  virtual ~capture_source() = default;
  [[nodiscard]] virtual capture_origin origin() const noexcept = 0;
  [[nodiscard]] virtual task<result<source_page>> next() = 0;
};

class directory_source final : public capture_source {
 public:
  directory_source(std::filesystem::path root, asio::thread_pool& pool)
      : walk_(std::make_shared<sorted_walk>(std::move(root))), pool_(pool) {}
  [[nodiscard]] capture_origin origin() const noexcept override {
    return capture_origin::directory;
  }
  [[nodiscard]] task<result<source_page>> next() override {
    return offload(pool_, [walk = walk_]() -> result<source_page> {
      source_page out;
      while (out.found.size() < compared_at_once) {
        auto file = walk->next();
        if (!file) return std::unexpected(file.error());
        if (!*file) {
          out.more = false;
          return out;
        }
        out.last = (*file)->path;
        if (!looks_like_picture(out.last) || out.last != valid_utf8(out.last)) {
          ++out.passed_over;
          continue;
        }
        out.found.push_back({.origin = capture_origin::directory,
                             .location = std::move((*file)->path),
                             .bytes = (*file)->bytes,
                             .etag = std::to_string((*file)->modified_ms),
                             .modified_ms = (*file)->modified_ms});
      }
      return out;
    });
  }

 private:
  std::shared_ptr<sorted_walk> walk_;  // the pool may outlast a cancelled run
  asio::thread_pool& pool_;
};

class bucket_source final : public capture_source {
 public:
  explicit bucket_source(capture_bucket const& where) : where_(where) {}
  [[nodiscard]] capture_origin origin() const noexcept override { return capture_origin::bucket; }
  [[nodiscard]] task<result<source_page>> next() override {
    auto page = co_await where_.client->list(where_.prefix, token_, within(list_time));
    if (!page) co_return std::unexpected(page.error());
    source_page out;
    token_ = std::move(page->next);
    out.more = !token_.empty();
    for (auto& one : page->objects) {
      out.last = one.key;
      if (!looks_like_picture(one.key)) {
        ++out.passed_over;
        continue;
      }
      auto const at = from_rfc3339(one.last_modified);
      out.found.push_back({.origin = capture_origin::bucket,
                           .location = std::move(one.key),
                           .bytes = one.bytes,
                           .etag = std::move(one.etag),
                           .modified_ms = at ? std::optional{to_ms(*at)} : std::nullopt});
    }
    co_return out;
  }

 private:
  capture_bucket const& where_;
  std::string token_;
};

result<std::unique_ptr<capture_source>> open_source(run_context& context,
                                                    std::string const& collection) {
  auto const& source = context.settings.of<collections_config>().of(collection).source;
  if (source.empty()) {
    return fail(errc::not_found,
                fmt::format("the collection '{}' has no source: set "
                            "captures.collection.{}.source to a directory or s3://bucket/prefix",
                            collection, collection));
  }
  if (!context.settings.of<collections_config>().of(collection).bucket()) {
    return std::make_unique<directory_source>(source, context.cpu);
  }
  auto const& buckets = context.outside->gear<capture_gear>().buckets;
  auto const bucket = buckets.find(collection);
  if (bucket == buckets.end()) {
    return fail(errc::store_credentials,
                fmt::format("captures.collection.{}.source is a bucket, but store.access_key_id "
                            "and store.secret_access_key are not set",
                            collection));
  }
  return std::make_unique<bucket_source>(bucket->second);
}

/// Brings the catalog in step between two locations.
task<result<>> take_stretch(run_context& context, source_stretch stretch) {
  auto& counts = context.counts<capture_counts>();
  for (bool more = true; more && !context.draining;) {
    auto changes = co_await context.facts.read(
        [&stretch](database& db) { return compare_stretch(db, stretch, removed_at_once); });
    if (!changes) co_return std::unexpected(changes.error());
    more = changes->more;
    if (changes->none()) break;
    auto const applied =
        co_await context.facts.write([&changes, doomed = to_ms(now() + 2 * redirect_lifetime)](
                                         database& db) { apply_changes(db, *changes, doomed); });
    if (!applied) co_return applied;
    counts.captures_added += static_cast<std::int64_t>(changes->fresh.size());
    counts.captures_changed += static_cast<std::int64_t>(changes->changed.size());
    counts.captures_removed += static_cast<std::int64_t>(changes->gone.size());
  }
  co_return result<>{};
}

task<result<>> sync_collection(run_context& context, std::string const& collection) {
  auto const source = open_source(context, collection);
  if (!source) co_return std::unexpected(source.error());
  auto const origin = (*source)->origin();
  std::int64_t found = 0;
  std::string after;
  for (bool more = true; more && !context.draining;) {
    auto page = co_await (*source)->next();
    if (!page) co_return std::unexpected(page.error());
    more = page->more;
    found += static_cast<std::int64_t>(page->found.size());
    context.counts<capture_counts>().captures_found +=
        static_cast<std::int64_t>(page->found.size());
    context.counts<capture_counts>().captures_passed_over += page->passed_over;
    context.board(step::captures).done = context.counts<capture_counts>().captures_found;
    for (auto& one : page->found) one.collection = collection;
    if (!more && found == 0 && !context.asked<sync_captures_job>().full) {
      auto const had = co_await context.facts.read(
          [&](database& db) { return has_captures(db, collection, origin); });
      if (!had) co_return std::unexpected(had.error());
      if (*had) {
        co_return fail(errc::source_emptied,
                       fmt::format("the source of '{}' has no picture any more; its captures are "
                                   "kept. If that is right, run with --full",
                                   collection));
      }
    }
    auto to = more ? page->last : std::string{behind_all};
    auto const taken = co_await take_stretch(context, {.collection = collection,
                                                       .origin = origin,
                                                       .after = std::exchange(after, to),
                                                       .to = to,
                                                       .found = std::move(page->found)});
    if (!taken) co_return taken;
  }
  co_return result<>{};
}

}  // namespace

task<result<>> sync_captures(run_context& context) {
  auto names = context.asked<sync_captures_job>().collections;
  if (names.empty()) {
    for (auto const& [name, one] : context.settings.of<collections_config>().all) {
      if (!one.source.empty()) names.push_back(name);
    }
  }
  if (names.empty()) {
    co_return fail(errc::config_invalid,
                   "no collection has a source: set captures.collection.<name>.source to a "
                   "directory or s3://bucket/prefix");
  }
  for (auto const& name : names) {
    auto const done = co_await sync_collection(context, name);
    if (!done) co_return done;
  }
  co_return result<>{};
}

}  // namespace vinny
