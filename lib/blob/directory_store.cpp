// SPDX-License-Identifier: MIT
#include "blob/directory_store.hpp"

#include <fmt/format.h>

#include "blob/file_part.hpp"
#include "blob/sorted_walk.hpp"
#include "core/time.hpp"
#include "task/offload.hpp"

namespace vinny {
namespace {

constexpr std::size_t listed_at_once = 10'000;

/// The size alone would let a damaged file pass.
result<std::int64_t> copy_if_same(file_root const& root, object_to_put const& what) {
  auto const found = digest_of(what.file);
  if (!found) return std::unexpected(found.error());
  bool const same =
      found->bytes == what.bytes && (what.sha256.empty() || found->sha256 == what.sha256);
  if (same) return root.copy_in(what.file, what.key);
  return fail(errc::not_found,
              fmt::format("{}: the file is no longer the one that was recorded", what.key));
}

}  // namespace

directory_store::directory_store(std::filesystem::path directory, asio::thread_pool& pool)
    : root_(std::move(directory)), pool_(pool) {}

task<result<stored_object>> directory_store::put(object_to_put what, deadline) {
  auto const copied = co_await offload(pool_, [this, what] { return copy_if_same(root_, what); });
  if (!copied) co_return std::unexpected(copied.error());
  co_return stored_object{.etag = std::move(what.sha256), .bytes = *copied};
}

task<result<std::optional<stored_object>>> directory_store::head(std::string key, deadline) {
  auto const size = co_await offload(pool_, [this, key] { return root_.size(key); });
  if (!size) co_return std::nullopt;
  co_return stored_object{.etag = {}, .bytes = *size};
}

task<result<>> directory_store::put_bytes(std::string key, std::string bytes, deadline) {
  return offload(pool_, [this, key = std::move(key), bytes = std::move(bytes)] {
    return root_.write(key, bytes);
  });
}

task<result<std::string>> directory_store::get(std::string key, std::int64_t max_bytes, deadline) {
  return offload(pool_,
                 [this, key = std::move(key), max_bytes] { return root_.read(key, max_bytes); });
}

task<result<>> directory_store::remove(std::string key, deadline) {
  return offload(pool_, [this, key = std::move(key)]() -> result<> {
    root_.remove(key);
    if (!root_.size(key)) return {};
    return fail(errc::permission_denied, fmt::format("{}: cannot be removed", key));
  });
}

task<result<object_listing>> directory_store::list(std::string prefix, std::string from, deadline) {
  return offload(
      pool_,
      [this, prefix = std::move(prefix), from = std::move(from)]() -> result<object_listing> {
        object_listing out;
        auto const folder = prefix.substr(0, prefix.rfind('/') + 1);
        std::error_code ignored;
        if (!std::filesystem::exists(root_.path() / folder, ignored)) return out;
        sorted_walk files{root_.path() / folder, from};
        while (out.objects.size() < listed_at_once) {
          auto file = files.next();
          if (!file) return std::unexpected(file.error());
          if (!*file) {
            out.next.clear();
            break;
          }
          out.next = (*file)->path;
          auto key = folder + (*file)->path;
          if (!key.starts_with(prefix)) continue;
          out.objects.push_back({.key = std::move(key),
                                 .etag = {},
                                 .bytes = (*file)->bytes,
                                 .last_modified = to_rfc3339(
                                     instant{std::chrono::milliseconds{(*file)->modified_ms}})});
        }
        return out;
      });
}

}  // namespace vinny
