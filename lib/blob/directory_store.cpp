// SPDX-License-Identifier: MIT
#include "blob/directory_store.hpp"

#include <fmt/format.h>

#include "blob/file_part.hpp"
#include "task/offload.hpp"

namespace vinny {
namespace {

std::unexpected<failure> changed(std::string_view key) {
  return fail(errc::not_found,
              fmt::format("{}: the file is no longer the one that was recorded", key));
}

}  // namespace

directory_store::directory_store(std::filesystem::path directory, asio::thread_pool& pool)
    : root_(std::move(directory)), pool_(pool) {}

task<result<stored_object>> directory_store::put(object_to_put what, deadline) {
  auto const copied = co_await offload(pool_,
                                       [this, key = what.key, file = what.file, bytes = what.bytes,
                                        sha256 = what.sha256]() -> result<std::int64_t> {
                                         std::error_code error;
                                         auto const size = std::filesystem::file_size(file, error);
                                         if (error || static_cast<std::int64_t>(size) != bytes) {
                                           return changed(key);
                                         }
                                         // The size alone would let a damaged file pass.
                                         auto const found = digest_of(file);
                                         if (!found) return std::unexpected(found.error());
                                         if (!sha256.empty() && found->sha256 != sha256)
                                           return changed(key);
                                         return root_.copy_in(file, key);
                                       });
  if (!copied) co_return std::unexpected(copied.error());
  co_return stored_object{.etag = std::move(what.sha256), .bytes = *copied};
}

task<result<std::optional<stored_object>>> directory_store::head(std::string key, deadline) {
  auto const size = co_await offload(pool_, [this, key] { return root_.size(key); });
  if (!size) co_return std::nullopt;
  co_return stored_object{.etag = {}, .bytes = *size};
}

}  // namespace vinny
