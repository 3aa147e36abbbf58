// SPDX-License-Identifier: MIT
#include "blob/s3/s3_store.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/digest.hpp"
#include "core/text.hpp"
#include "task/offload.hpp"

namespace vinny {
namespace {

/// One altered body is an accident; so many in a row are not.
constexpr int accidents = 4;

}  // namespace

failure s3_store::not_the_file(object_to_put const& what) {
  return {errc::not_found,
          fmt::format("{}: the file is no longer the one that was recorded", what.key)};
}

failure s3_store::weigh(failure why) {
  if (why.code != errc::store_digest) return why;
  if (++altered_ < accidents) return why;
  return {errc::store_tampered,
          fmt::format("{}; {} bodies in a row did not arrive as they were sent: something between "
                      "this machine and the store changes them (a proxy?), or memory is bad",
                      why.message, altered_)};
}

task<result<stored_object>> s3_store::put(object_to_put what, deadline limit) {
  auto const key = bucket_.where().full_key(what.key);
  if (auto const fits = bucket_.where().check(key); !fits) co_return std::unexpected(fits.error());
  what.key = key;
  auto out = what.bytes >= parts_.from_bytes ? co_await put_in_parts(what, limit)
                                             : co_await put_whole(what, limit);
  if (!out) co_return std::unexpected(weigh(std::move(out.error())));
  altered_ = 0;
  out->replaced = replacing_.erase(key) > 0;
  co_return out;
}

task<result<s3_store::presence>> s3_store::look(object_to_put const& what, std::string md5,
                                                std::string& etag, deadline limit) {
  auto const found = co_await bucket_.head(what.key, limit);
  if (!found) co_return std::unexpected(found.error());
  expect_there_ = found->has_value();
  if (!*found) co_return presence::absent;
  auto const& there = **found;
  etag = there.etag;
  bool const same = there.bytes == what.bytes &&
                    (there.sha256.empty() ? iequals(there.etag, md5) : there.sha256 == what.sha256);
  if (!same) replacing_.insert(what.key);
  co_return same ? presence::same : presence::other;
}

task<result<semaphore::permit>> s3_store::room_for(std::int64_t bytes, deadline limit) {
  auto room = co_await (bytes <= small_bytes ? small_ : large_).acquire(limit);
  if (room) co_return room;
  failure later{errc::host_cooling_down, "the object's turn did not come in time"};
  later.retry_at = now();
  co_return std::unexpected(std::move(later));
}

task<result<stored_object>> s3_store::put_whole(object_to_put const& what, deadline limit) {
  auto const read = [&what] { return read_part(what.file, 0, what.bytes, what.md5); };
  auto const room = co_await room_for(what.bytes, limit);
  if (!room) co_return std::unexpected(room.error());
  limit = within(transfer_time);
  auto part = co_await offload(pool_, read);
  if (!part) co_return std::unexpected(part.error());
  if (part->sha256 != what.sha256) co_return std::unexpected(not_the_file(what));
  auto const md5 = part->md5;
  std::string etag;
  bool ask_first = !what.known && (expect_there_ || !conditional_);
  if (!what.known && !ask_first) {
    auto put = co_await bucket_.put(what.key, std::move(*part), s3_client::overwrite::no, limit);
    if (put && *put) co_return std::move(**put);
    if (!put && put.error().code != errc::config_invalid) co_return std::unexpected(put.error());
    // A store without conditional writes is asked by HEAD from now on. When it was something else
    // that it does not know, the unconditional put says so.
    if (!put) conditional_ = false;
    ask_first = true;
    part = co_await offload(pool_, read);
    if (!part) co_return std::unexpected(part.error());
    if (part->sha256 != what.sha256) co_return std::unexpected(not_the_file(what));
  }
  if (ask_first) {
    auto const found = co_await look(what, md5, etag, limit);
    if (!found) co_return std::unexpected(found.error());
    if (*found == presence::same)
      co_return stored_object{.etag = etag, .bytes = what.bytes, .sent = false};
  }
  auto put = co_await bucket_.put(what.key, std::move(*part), s3_client::overwrite::yes, limit);
  if (!put) co_return std::unexpected(put.error());
  co_return std::move(**put);
}

task<result<std::optional<stored_object>>> s3_store::head(std::string key, deadline limit) {
  auto const found = co_await bucket_.head(bucket_.where().full_key(key), limit);
  if (!found) co_return std::unexpected(found.error());
  if (!*found) co_return std::nullopt;
  co_return stored_object{.etag = (*found)->etag, .bytes = (*found)->bytes};
}

task<result<>> s3_store::put_bytes(std::string key, std::string bytes, deadline limit) {
  auto full = bucket_.where().full_key(key);
  if (auto const fits = bucket_.where().check(full); !fits) co_return std::unexpected(fits.error());
  auto part = co_await offload(pool_, [bytes = std::move(bytes)]() mutable {
    auto sha = sha256_hex(bytes);
    auto md5 = md5_hex(bytes);
    return file_part{.bytes = std::move(bytes), .sha256 = std::move(sha), .md5 = std::move(md5)};
  });
  auto const put =
      co_await bucket_.put(std::move(full), std::move(part), s3_client::overwrite::yes, limit);
  if (!put) co_return std::unexpected(weigh(put.error()));
  altered_ = 0;
  co_return result<>{};
}

task<result<std::string>> s3_store::get(std::string key, std::int64_t max_bytes, deadline limit) {
  return bucket_.get(bucket_.where().full_key(key), max_bytes, limit);
}

task<result<>> s3_store::remove(std::string key, deadline limit) {
  return bucket_.remove(bucket_.where().full_key(key), limit);
}

task<result<object_listing>> s3_store::list(std::string prefix, std::string from, deadline limit) {
  auto page = co_await bucket_.list(bucket_.where().full_key(prefix), std::move(from), limit);
  if (!page) co_return std::unexpected(page.error());
  object_listing out{.objects = {}, .next = std::move(page->next)};
  auto const own = bucket_.where().prefix().size();
  for (auto& one : page->objects) {
    if (one.key.size() < own) continue;
    out.objects.push_back({.key = one.key.substr(own),
                           .etag = std::move(one.etag),
                           .bytes = one.bytes,
                           .last_modified = std::move(one.last_modified)});
  }
  co_return out;
}

}  // namespace vinny
