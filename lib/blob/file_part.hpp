// SPDX-License-Identifier: MIT
//
// A file read for sending: whole or in parts, with the digests that a store wants. Blocks: call
// it on a pool.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/failure.hpp"

namespace vinny {

struct file_part {
  std::string bytes;
  std::string sha256;  // 64 hex digits
  std::string md5;     // 32 hex digits
};

/// Fails with not_found when the file is gone or ends before `offset + size`.
/// `md5`: what it is known to be; empty: it is computed.
[[nodiscard]] result<file_part> read_part(std::filesystem::path const& file, std::int64_t offset,
                                          std::int64_t size, std::string md5 = {});

struct file_digest {
  std::int64_t bytes = 0;
  std::string sha256;
};
/// Of the whole file, with little memory.
[[nodiscard]] result<file_digest> digest_of(std::filesystem::path const& file);

/// Hex digits as base 64 of the bytes that they stand for: Content-MD5.
[[nodiscard]] std::string base64_of_hex(std::string_view hex);

}  // namespace vinny
