// SPDX-License-Identifier: MIT
#include "blob/received_body.hpp"

#include <catch2/catch.hpp>

#include "unit/scratch_folder.hpp"

using namespace vinny;

TEST_CASE("a body that came whole stays in memory, and is kept as a file") {
  scratch_folder const here;
  file_root const files{here.path};
  received_body body;
  REQUIRE(body.close(files, "all of it"));
  CHECK(body.bytes() == "all of it");
  CHECK(body.digest() == sha256_hex("all of it"));
  auto draft = body.keep(files, "a/1.jpg");
  REQUIRE(draft);
  CHECK(files.publish({&*draft, 1}).front());
  CHECK(files.read("a/1.jpg", 100).value() == "all of it");
}

TEST_CASE("a body that came in pieces is a file already, and no copy is made to keep it") {
  scratch_folder const here;
  file_root const files{here.path};
  received_body body;
  std::string const piece(70'000, 'p');
  REQUIRE(body.append(files, piece));
  REQUIRE(body.append(files, piece));
  REQUIRE(body.close(files, "end"));
  CHECK(body.bytes() == piece + piece + "end");
  CHECK(body.digest() == sha256_hex(piece + piece + "end"));
  auto draft = body.keep(files, "a/b/2.jpg");
  REQUIRE(draft);
  CHECK(files.publish({&*draft, 1}).front());
  CHECK(files.read("a/b/2.jpg", 1 << 20).value() == piece + piece + "end");
}

TEST_CASE("what came of another answer is forgotten") {
  scratch_folder const here;
  file_root const files{here.path};
  received_body body;
  REQUIRE(body.append(files, "of the first"));
  body.restart();
  REQUIRE(body.append(files, "of the second, "));
  REQUIRE(body.close(files, "all"));
  CHECK(body.bytes() == "of the second, all");
  body.restart();
  REQUIRE(body.close(files, "small"));
  CHECK(body.bytes() == "small");
  CHECK(body.digest() == sha256_hex("small"));
}

TEST_CASE("a body that nobody keeps leaves nothing, and none leaves its root") {
  scratch_folder const here;
  file_root const files{here.path / "in"};
  std::filesystem::create_directories(files.path());
  {
    received_body body;
    REQUIRE(body.append(files, "piece"));
    REQUIRE(body.close(files, ""));
    auto const outside = body.keep(files, "../out.jpg");
    REQUIRE_FALSE(outside);
    CHECK(outside.error().code == errc::store_rejected);
  }
  for (auto const& one : std::filesystem::recursive_directory_iterator{here.path}) {
    CHECK_FALSE(one.is_regular_file());
  }
}
