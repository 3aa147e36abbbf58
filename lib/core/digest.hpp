// SPDX-License-Identifier: MIT
//
// Digests and the identifiers made of them.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace vinny {

/// 64 lower-case hex digits.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);
/// 32 lower-case hex digits.
[[nodiscard]] std::string md5_hex(std::string_view bytes);

/// SHA-256 of bytes that arrive in pieces.
class sha256 {
 public:
  sha256();
  ~sha256();
  sha256(sha256&&) noexcept;
  sha256& operator=(sha256&&) noexcept;
  void update(std::string_view bytes);
  /// 64 hex digits; the object is then spent.
  [[nodiscard]] std::string finish_hex();

 private:
  struct context;
  std::unique_ptr<context> context_;
};

/// RFC 4648, section 4, with padding.
[[nodiscard]] std::string base64(std::string_view bytes);

/// UUID version 5 (RFC 9562, SHA-1) of a name in the URL namespace, in its canonical form.
[[nodiscard]] std::string uuid_v5(std::string_view name);

/// Compares without telling by its duration where the first difference is.
[[nodiscard]] bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept;

[[nodiscard]] std::string to_hex(std::span<unsigned char const> bytes);
/// The bytes that hex digits stand for; a last one without its second is dropped.
[[nodiscard]] std::string from_hex(std::string_view digits);

}  // namespace vinny
