// SPDX-License-Identifier: MIT
#include "core/ulid.hpp"

#include <openssl/rand.h>

#include <array>
#include <chrono>
#include <stdexcept>

namespace vinny {
namespace {

constexpr std::string_view crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t ulid_length = 26;

}  // namespace

std::string new_ulid() {
  auto const now = std::chrono::system_clock::now().time_since_epoch();
  auto ms = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
  std::string out(26, '0');
  for (std::size_t i = 10; i-- > 0; ms >>= 5U) out[i] = crockford[ms & 31U];
  std::array<unsigned char, 16> random{};
  if (RAND_bytes(random.data(), random.size()) != 1) {
    throw std::runtime_error{"no random numbers"};
  }
  for (std::size_t i = 0; i < 16; ++i) out[10 + i] = crockford[random[i] & 31U];
  return out;
}

bool is_ulid(std::string_view text) noexcept {
  return text.size() == 26 && text.find_first_not_of(crockford) == std::string_view::npos;
}

std::int64_t ulid_time_ms(std::string_view ulid) noexcept {
  std::int64_t out = 0;
  for (auto const c : ulid.substr(0, 10)) {
    out = out * 32 + static_cast<std::int64_t>(crockford.find(c));
  }
  return out;
}

// 26 digits of five bits are 130; the first has only three.
packed_ulid::packed_ulid(std::string_view text) noexcept {
  for (auto const c : text) {
    high_ = high_ << 5U | low_ >> 59U;
    low_ = low_ << 5U | static_cast<std::uint64_t>(crockford.find(c));
  }
}

std::string packed_ulid::text() const {
  if (*this == packed_ulid{}) return {};
  std::string out(ulid_length, '0');
  auto high = high_;
  auto low = low_;
  for (auto i = ulid_length; i-- > 0;) {
    out[i] = crockford[low & 31U];
    low = low >> 5U | high << 59U;
    high >>= 5U;
  }
  return out;
}

}  // namespace vinny
