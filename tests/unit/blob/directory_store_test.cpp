// SPDX-License-Identifier: MIT
#include "blob/directory_store.hpp"

#include <catch2/catch.hpp>

#include "core/digest.hpp"
#include "unit/scratch_folder.hpp"
#include "unit/task/loop_fixture.hpp"

using namespace vinny;

TEST_CASE("a file that was put is there, whole, under its key") {
  scratch_folder const folder;
  asio::thread_pool pool{1};
  directory_store store{folder.path / "public", pool};
  std::string const key = "artists/carl-cox/carl-cox_liv_main.jpg";
  test_loop loop;
  loop.start([&]() -> task<> {
    auto const before = co_await store.head(key, no_deadline);
    CHECK(before);
    CHECK_FALSE(*before);
    for (std::string const text : {"first", "second one"}) {
      put_content(folder.path / "file", text);
      auto const put = co_await store.put({.key = key,
                                           .file = folder.path / "file",
                                           .bytes = static_cast<std::int64_t>(text.size()),
                                           .sha256 = sha256_hex(text)},
                                          no_deadline);
      CHECK(put);
      CHECK(put->bytes == static_cast<std::int64_t>(text.size()));
      CHECK(put->etag == sha256_hex(text));
      CHECK(content_of(folder.path / "public" / key) == text);
      auto const after = co_await store.head(key, no_deadline);
      CHECK(after);
      CHECK(*after);
      CHECK((*after)->bytes == put->bytes);
    }
    CHECK(content_of(folder.path / "file") == "second one");
  });
  CHECK(loop.finish());
}

TEST_CASE("a store refuses keys that leave it, and files that are not there") {
  scratch_folder const folder;
  asio::thread_pool pool{1};
  directory_store store{folder.path / "public", pool};
  put_content(folder.path / "file", "x");
  test_loop loop;
  loop.start([&]() -> task<> {
    auto const out = co_await store.put(
        {.key = "../file2",
         .file = folder.path / "file",
         .bytes = static_cast<std::int64_t>(std::filesystem::file_size(folder.path / "file")),
         .sha256 = {}},
        no_deadline);
    CHECK_FALSE(out);
    CHECK(out.error().code == errc::store_rejected);
    auto const missing = co_await store.put(
        {.key = "a.jpg", .file = folder.path / "none", .bytes = 0, .sha256 = {}}, no_deadline);
    CHECK_FALSE(missing);
    auto const head = co_await store.head("../file", no_deadline);
    CHECK(head);
    CHECK_FALSE(*head);
    auto const nothing = co_await store.head("a.jpg", no_deadline);
    CHECK(nothing);
    CHECK_FALSE(*nothing);
  });
  CHECK(loop.finish());
  CHECK_FALSE(std::filesystem::exists(folder.path / "file2"));
}
