// SPDX-License-Identifier: MIT
#include "core/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <chrono>
#include <stdexcept>

#include "core/percent.hpp"

namespace vinny {
namespace {

std::string digest_hex(EVP_MD const* algorithm, std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, algorithm, nullptr) != 1) {
    throw std::runtime_error{"the digest library failed"};
  }
  return to_hex({out.data(), size});
}

}  // namespace

std::string to_hex(std::span<unsigned char const> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (auto const byte : bytes) {
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
  }
  return out;
}

std::string sha256_hex(std::string_view bytes) {
  return digest_hex(EVP_sha256(), bytes);
}
std::string md5_hex(std::string_view bytes) {
  return digest_hex(EVP_md5(), bytes);
}

struct sha256::context {
  EVP_MD_CTX* handle = EVP_MD_CTX_new();
  context() {
    if (handle == nullptr || EVP_DigestInit_ex(handle, EVP_sha256(), nullptr) != 1) {
      throw std::runtime_error{"the digest library failed"};
    }
  }
  context(context const&) = delete;
  context& operator=(context const&) = delete;
  ~context() { EVP_MD_CTX_free(handle); }
};

sha256::sha256() : context_(std::make_unique<context>()) {}
sha256::~sha256() = default;
sha256::sha256(sha256&&) noexcept = default;
sha256& sha256::operator=(sha256&&) noexcept = default;

void sha256::update(std::string_view bytes) {
  EVP_DigestUpdate(context_->handle, bytes.data(), bytes.size());
}

std::string sha256::finish_hex() {
  std::array<unsigned char, 32> out{};
  EVP_DigestFinal_ex(context_->handle, out.data(), nullptr);
  return to_hex(out);
}

std::string base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  auto const size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                    reinterpret_cast<unsigned char const*>(bytes.data()),
                                    static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::string uuid_v5(std::string_view name) {
  // The URL namespace of RFC 9562, section 6.6: 6ba7b811-9dad-11d1-80b4-00c04fd430c8.
  static constexpr std::array<unsigned char, 16> space{0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad,
                                                       0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0,
                                                       0x4f, 0xd4, 0x30, 0xc8};
  std::string input{reinterpret_cast<char const*>(space.data()), space.size()};
  input += name;
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned size = 0;
  if (EVP_Digest(input.data(), input.size(), out.data(), &size, EVP_sha1(), nullptr) != 1) {
    throw std::runtime_error{"the digest library failed"};
  }
  out[6] = static_cast<unsigned char>((out[6] & 0x0FU) | 0x50U);
  out[8] = static_cast<unsigned char>((out[8] & 0x3FU) | 0x80U);
  auto text = to_hex({out.data(), 16});
  for (auto const at : {8, 13, 18, 23}) text.insert(static_cast<std::size_t>(at), 1, '-');
  return text;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string from_hex(std::string_view digits) {
  std::string out(digits.size() / 2, '\0');
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = static_cast<char>(hex_digit(digits[2 * i]) * 16 + hex_digit(digits[2 * i + 1]));
  }
  return out;
}

}  // namespace vinny
