// SPDX-License-Identifier: MIT
#include "core/digest.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <chrono>
#include <set>
#include <string>

using namespace vinny;

TEST_CASE("SHA-256 gives the published digests") {
  // FIPS 180-4 examples.
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sha256_hex(std::string(1'000'000, 'a')) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("SHA-256 in pieces is SHA-256 of the whole") {
  std::string const text = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
  for (std::size_t const piece : {1U, 7U, 55U, 56U, 64U}) {
    sha256 digest;
    for (std::size_t i = 0; i < text.size(); i += piece) {
      digest.update(std::string_view{text}.substr(i, piece));
    }
    CHECK(digest.finish_hex() == sha256_hex(text));
  }
  CHECK(sha256{}.finish_hex() == sha256_hex(""));
  sha256 first;
  first.update("ab");
  sha256 moved{std::move(first)};
  moved.update("c");
  CHECK(moved.finish_hex() == sha256_hex("abc"));
}

TEST_CASE("MD5 gives the digests of RFC 1321") {
  CHECK(md5_hex("") == "d41d8cd98f00b204e9800998ecf8427e");
  CHECK(md5_hex("abc") == "900150983cd24fb0d6963f7d28e17f72");
  CHECK(md5_hex("message digest") == "f96b697d7cb7938d525a2f31aaf161d0");
}

TEST_CASE("UUIDs of names are those that every other library makes") {
  // Python: uuid.uuid5(uuid.NAMESPACE_URL, name)
  CHECK(uuid_v5("http://www.example.com/") == "fcde3c85-2270-590f-9e7c-ee003d65e0e2");
  CHECK(uuid_v5("") == "1b4db7eb-4057-5ddf-91e0-36dec72071f5");
  CHECK(uuid_v5("https://example.org/Tiësto") == "a0eef18a-a7d0-5311-9e9e-68106e03a0e0");
}

TEST_CASE("a comparison in constant time still compares") {
  CHECK(equal_in_constant_time("", ""));
  CHECK(equal_in_constant_time("token", "token"));
  CHECK_FALSE(equal_in_constant_time("token", "tokeN"));
  CHECK_FALSE(equal_in_constant_time("Token", "token"));
  CHECK_FALSE(equal_in_constant_time("token", "token2"));
  CHECK_FALSE(equal_in_constant_time("", "t"));
}

TEST_CASE("bytes become two lower-case digits each") {
  CHECK(to_hex(std::array<unsigned char, 4>{0x00, 0x0F, 0xA5, 0xFF}) == "000fa5ff");
  CHECK(to_hex({}).empty());
}
