// SPDX-License-Identifier: MIT
#include "blob/directory_store.hpp"

#include <fmt/format.h>

#include "blob/file_part.hpp"
#include "task/offload.hpp"

namespace vinny {
namespace {

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

}  // namespace vinny
