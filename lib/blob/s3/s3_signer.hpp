// SPDX-License-Identifier: MIT
//
// Addresses by which anybody can GET an object of a private bucket for a while. Pure; nothing is
// asked.
#pragma once

#include <chrono>
#include <string>

#include "blob/s3/s3_address.hpp"

namespace vinny {

class s3_signer {
 public:
  /// Fails with config_invalid as s3_address does, and without keys.
  [[nodiscard]] static result<s3_signer> from(store_config const& settings);

  /// `key` is without the store's prefix; the address holds from `at` on, for at most seven days.
  [[nodiscard]] std::string address(std::string_view key, std::chrono::seconds lasts,
                                    instant at) const;

 private:
  s3_signer(s3_address where, sigv4_identity who)
      : where_(std::move(where)), who_(std::move(who)) {}

  s3_address where_;
  sigv4_identity who_;
};

}  // namespace vinny
