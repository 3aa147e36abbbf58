// SPDX-License-Identifier: MIT
//
// The client against a real store, which VINNY_TEST_S3_… names. tests/system/s3_test.py starts
// stores and runs these; without one they are left out.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <random>

#include "support/bucket.hpp"

using namespace vinny;
using namespace vinny::test;

namespace {

std::string variable(char const* name) {
  auto const* const value = std::getenv(name);
  return value == nullptr ? std::string{} : value;
}

std::optional<store_config> real_store() {
  store_config out;
  out.kind = "s3";
  out.endpoint = variable("VINNY_TEST_S3_ENDPOINT");
  out.region = variable("VINNY_TEST_S3_REGION");
  out.bucket = variable("VINNY_TEST_S3_BUCKET");
  out.access_key_id = secret{variable("VINNY_TEST_S3_KEY")};
  out.secret_access_key = secret{variable("VINNY_TEST_S3_SECRET")};
  if (out.endpoint.empty()) return std::nullopt;
  return out;
}

std::string noise(std::size_t bytes) {
  std::minstd_rand random{42};
  std::string out(bytes, '\0');
  for (auto& c : out) c = static_cast<char>(random());
  return out;
}

constexpr std::size_t mebibyte = 1 << 20;

}  // namespace

TEST_CASE("keys of all kinds are put, read, listed and removed", "[.store]") {
  auto const settings = real_store();
  REQUIRE(settings);
  bucket at{*settings};
  std::vector<std::string> const keys{"kinds/plain.jpg",  "kinds/with space.jpg",
                                      "kinds/ü-ሴ.jpg",    "kinds/+&=;,!'()*$@:~.jpg",
                                      "kinds/100%25.jpg", "kinds/" + std::string(1000, 'k')};
  for (auto const& key : keys) {
    INFO(key);
    auto const put = at.put(at.file(key, "content of " + key));
    REQUIRE(put);
    auto const got = at.wait(at.client.get(key, 4096, no_deadline));
    REQUIRE(got);
    CHECK(*got == "content of " + key);
    auto const head = at.wait(at.client.head(key, no_deadline));
    REQUIRE(head);
    REQUIRE(*head);
    CHECK((*head)->etag == md5_hex("content of " + key));
    CHECK((*head)->sha256 == sha256_hex("content of " + key));
  }
  auto const page = at.wait(at.client.list("kinds/", {}, no_deadline));
  REQUIRE(page);
  std::vector<std::string> listed;
  for (auto const& one : page->objects) listed.push_back(one.key);
  auto sorted = keys;
  std::ranges::sort(sorted);
  CHECK(listed == sorted);
  for (auto const& key : keys) {
    CHECK(at.wait(at.client.remove(key, no_deadline)));
    CHECK(at.wait(at.client.remove(key, no_deadline)));
    auto const head = at.wait(at.client.head(key, no_deadline));
    REQUIRE(head);
    CHECK_FALSE(*head);
  }
}

TEST_CASE("a wrong digest is refused by the store, and halts when it goes on", "[.store]") {
  auto const settings = real_store();
  REQUIRE(settings);
  bucket at{*settings};
  for (int altered = 0; altered < 2; ++altered) {
    // The body is not the one that was signed: what a middlebox would do.
    file_part part{
        .bytes = "the bytes", .sha256 = sha256_hex("the bytes"), .md5 = md5_hex("the bytes")};
    (altered == 0 ? part.sha256 : part.md5) = altered == 0 ? sha256_hex("other") : md5_hex("other");
    auto const put =
        at.wait(at.client.put("altered.jpg", part, s3_client::overwrite::yes, no_deadline));
    REQUIRE_FALSE(put);
    INFO(put.error().message);
    CHECK((put.error().code == errc::store_digest || put.error().code == errc::store_credentials));
    auto const head = at.wait(at.client.head("altered.jpg", no_deadline));
    REQUIRE(head);
    CHECK_FALSE(*head);
  }
}

TEST_CASE("a large object goes in parts, and is gone on with after an interruption", "[.store]") {
  auto const settings = real_store();
  REQUIRE(settings);
  bucket at{*settings, {.from_bytes = 6 * mebibyte, .part_bytes = 5 * mebibyte}};
  bool const lists = variable("VINNY_TEST_S3_LISTS_UPLOADS") == "1";
  auto const content = noise(12 * mebibyte + 17);
  auto const what = at.file("large.bin", content);

  // An earlier process has begun: one part is there. Another upload is of other content.
  auto const begun = at.wait(at.client.begin_upload("large.bin", what.sha256, no_deadline));
  REQUIRE(begun);
  file_part first{.bytes = content.substr(0, 5 * mebibyte), .sha256 = {}, .md5 = {}};
  first.sha256 = sha256_hex(first.bytes);
  first.md5 = md5_hex(first.bytes);
  REQUIRE(at.wait(at.client.put_part("large.bin", *begun, 1, first, no_deadline)));
  auto const stray = at.wait(at.client.begin_upload("large.bin", {}, no_deadline));
  REQUIRE(stray);

  auto const put = at.put(what);
  REQUIRE(put);
  CHECK(put->bytes == static_cast<std::int64_t>(content.size()));
  INFO(put->etag);
  CHECK(put->etag.ends_with("-3"));
  auto const got = at.wait(at.client.get("large.bin", 32 << 20, no_deadline));
  REQUIRE(got);
  CHECK(*got == content);
  auto const open = at.wait(at.client.open_uploads("large.bin", no_deadline));
  REQUIRE(open);
  CHECK(open->has_value() == lists);
  if (*open) CHECK((*open)->empty());

  // It is recognised by its digest.
  auto const again = at.put(what);
  REQUIRE(again);
  CHECK_FALSE(again->sent);
  CHECK(at.wait(at.client.remove("large.bin", no_deadline)));
}
