// SPDX-License-Identifier: MIT
// Large objects: put in parts, and gone on with where an earlier attempt, or an earlier process,
// stopped.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "blob/s3/s3_store.hpp"
#include "core/text.hpp"
#include "core/time.hpp"
#include "observe/log.hpp"
#include "policy/classify.hpp"
#include "task/offload.hpp"

namespace vinny {
namespace {

constexpr std::int64_t mebibyte = 1LL << 20;
constexpr std::int64_t most_parts = 10'000;
constexpr std::chrono::hours leftover_after{24};

/// The store has forgotten the upload: the next attempt begins another.
failure begun_anew(failure why) {
  if (why.code == errc::not_found) why.code = errc::http_server_error;
  return why;
}

}  // namespace

std::int64_t part_size(std::int64_t object_bytes, multipart_limits const& limits) {
  auto const needed = (object_bytes + most_parts - 1) / most_parts;
  if (needed <= limits.part_bytes) return limits.part_bytes;
  return (needed + mebibyte - 1) / mebibyte * mebibyte;
}

task<result<s3_store::upload>> s3_store::upload_to_go_on_with(object_to_put const& what,
                                                              deadline limit) {
  auto const open = co_await bucket_.open_uploads(what.key, limit);
  // A token for objects only may not list: then every attempt begins anew, and the bucket's own
  // rule (R2: seven days) removes what is left.
  if (!open) co_return std::unexpected(open.error());
  upload out;
  for (auto const& one : open->value_or(std::vector<open_upload>{})) {
    if (one.key != what.key) continue;
    if (out.id.empty()) {
      auto parts = co_await bucket_.parts_of(one.key, one.id, limit);
      if (!parts && parts.error().code != errc::not_found) co_return std::unexpected(parts.error());
      if (parts && co_await belong(what, *parts)) {
        out = {one.id, std::move(*parts)};
        continue;
      }
    }
    auto const gone = co_await bucket_.abort_upload(one.key, one.id, limit);
    if (!gone) co_return std::unexpected(gone.error());
  }
  if (!out.id.empty()) co_return out;
  auto begun = co_await bucket_.begin_upload(what.key, what.sha256, limit);
  if (!begun) co_return std::unexpected(begun.error());
  out.id = std::move(*begun);
  co_return out;
}

task<bool> s3_store::belong(object_to_put const& what, std::vector<stored_part> const& parts) {
  auto const bytes = what.bytes;
  auto const size = part_size(bytes, parts_);
  for (auto const& one : parts) {
    auto const offset = (one.number - 1) * size;
    if (one.number < 1 || offset >= bytes || one.bytes != std::min(size, bytes - offset))
      co_return false;
    auto const mine = co_await offload(pool_, [file = what.file, offset, length = one.bytes] {
      return read_part(file, offset, length);
    });
    if (!mine || !iequals(mine->md5, one.etag)) co_return false;
  }
  co_return !parts.empty();
}

task<result<std::vector<stored_part>>> s3_store::send_parts(object_to_put const& what, upload onto,
                                                            deadline limit) {
  auto const bytes = what.bytes;
  auto const size = part_size(bytes, parts_);
  std::vector<stored_part> out;
  for (std::int64_t offset = 0; offset < bytes; offset += size) {
    int const number = static_cast<int>(offset / size) + 1;
    auto const known = std::ranges::find(onto.parts, number, &stored_part::number);
    if (known != onto.parts.end()) {
      out.push_back(*known);
      continue;
    }
    auto const room = co_await room_for(size, limit);
    if (!room) co_return std::unexpected(room.error());
    auto part = co_await offload(
        pool_, [file = what.file, offset, length = std::min(size, bytes - offset)] {
          return read_part(file, offset, length);
        });
    if (!part) co_return std::unexpected(part.error());
    auto const sent = co_await bucket_.put_part(what.key, onto.id, number, std::move(*part), limit);
    if (!sent) co_return std::unexpected(sent.error());
    out.push_back(*sent);
  }
  co_return out;
}

task<result<stored_object>> s3_store::confirmed(std::string key, std::int64_t bytes,
                                                deadline limit) {
  auto const there = co_await bucket_.head(key, limit);
  if (!there) co_return std::unexpected(there.error());
  if (!*there || (*there)->bytes != bytes) {
    co_return fail(errc::http_server_error,
                   fmt::format("{}: the store has not made one object of its parts", key));
  }
  co_return stored_object{.etag = (*there)->etag, .bytes = bytes};
}

task<result<stored_object>> s3_store::put_in_parts(object_to_put const& what, deadline limit) {
  auto const whole = co_await offload(pool_, [file = what.file] { return digest_of(file); });
  if (!whole) co_return std::unexpected(whole.error());
  if (whole->sha256 != what.sha256 || whole->bytes != what.bytes) {
    co_return std::unexpected(not_the_file(what));
  }
  if (!what.known) {
    std::string etag;
    auto const found = co_await look(what, {}, etag, limit);
    if (!found) co_return std::unexpected(found.error());
    if (*found == presence::same)
      co_return stored_object{.etag = etag, .bytes = what.bytes, .sent = false};
  }
  auto const onto = co_await upload_to_go_on_with(what, limit);
  if (!onto) co_return std::unexpected(onto.error());
  auto parts = co_await send_parts(what, *onto, limit);
  // Another file may have taken the path while the parts were read.
  if (parts) {
    auto const still = co_await offload(pool_, [file = what.file] { return digest_of(file); });
    if (!still || still->sha256 != what.sha256) parts = std::unexpected(not_the_file(what));
  }
  auto const etag = parts ? co_await bucket_.complete_upload(what.key, onto->id, *parts, limit)
                          : result<std::string>{std::unexpected(parts.error())};
  if (etag) co_return co_await confirmed(what.key, what.bytes, limit);
  // What may succeed later is gone on with then; the rest is given back to the store.
  if (classify(etag.error().code) == verdict::reject) {
    auto const gone = co_await bucket_.abort_upload(what.key, onto->id, limit);
    if (!gone) log(log_level::warn, "upload", gone.error().message, field("key", what.key));
  }
  // Of the file, not_found means that it has changed; of the upload, that the store dropped it.
  bool const file_is_there = std::filesystem::exists(what.file);
  co_return std::unexpected(file_is_there ? begun_anew(etag.error()) : etag.error());
}

task<result<int>> s3_store::drop_leftovers(deadline limit) {
  auto const open = co_await bucket_.open_uploads(bucket_.where().full_key("artists/"), limit);
  if (!open) co_return std::unexpected(open.error());
  if (!*open) co_return 0;
  int dropped = 0;
  for (auto const& one : **open) {
    auto const begun = from_rfc3339(one.initiated);
    if (!begun || now() - *begun < leftover_after) continue;
    auto const gone = co_await bucket_.abort_upload(one.key, one.id, limit);
    if (!gone) co_return std::unexpected(gone.error());
    ++dropped;
  }
  co_return dropped;
}

}  // namespace vinny
