// SPDX-License-Identifier: MIT
#include "blob/store_name.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace vinny {

std::string store_name(config const& settings) {
  auto const& store = settings.store;
  if (store.kind == "directory") {
    std::error_code ignored;
    auto const place = std::filesystem::absolute(settings.data_dir / store.directory, ignored);
    return "directory " + place.lexically_normal().string();
  }
  return fmt::format("s3 {} {} {}", store.endpoint, store.bucket, store.prefix);
}

}  // namespace vinny
