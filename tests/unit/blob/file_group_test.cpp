// SPDX-License-Identifier: MIT
// Files that are published together: file_root::draft and file_root::publish.
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

#include "blob/file.hpp"
#include "core/ulid.hpp"

using namespace vinny;
namespace fs = std::filesystem;

namespace {

struct place {
  fs::path root = fs::temp_directory_path() / ("vinny-group-" + new_ulid());
  file_root files{root};
  place() { fs::create_directories(root); }
  place(place const&) = delete;
  place& operator=(place const&) = delete;
  ~place() { fs::remove_all(root); }

  [[nodiscard]] std::vector<std::string> all() const {
    std::vector<std::string> out;
    for (auto const& one : fs::recursive_directory_iterator{root}) {
      if (one.is_regular_file()) out.push_back(fs::relative(one.path(), root).string());
    }
    std::ranges::sort(out);
    return out;
  }
};

}  // namespace

TEST_CASE("drafts are in their places when they are published, and not before") {
  place here;
  std::vector<file_draft> drafts;
  for (auto const* const name : {"a/1.jpg", "a/2.jpg", "b/c/3.jpg", "4.jpg"}) {
    drafts.push_back(here.files.draft(name, std::string{"bytes of "} + name).value());
  }
  for (auto const& one : here.all()) CHECK(one.starts_with(".vinny-tmp/"));
  for (auto const& one : here.files.publish(drafts)) CHECK(one);
  CHECK(here.all() == std::vector<std::string>{"4.jpg", "a/1.jpg", "a/2.jpg", "b/c/3.jpg"});
  CHECK(here.files.read("b/c/3.jpg", 100).value() == "bytes of b/c/3.jpg");
}

TEST_CASE("a draft that nobody publishes leaves nothing") {
  place here;
  REQUIRE(here.files.draft("a/1.jpg", "bytes"));
  CHECK(here.all().empty());
}

TEST_CASE("a published file takes the place of an older one") {
  place here;
  REQUIRE(here.files.write("a/1.jpg", "old and longer"));
  REQUIRE(here.files.write("a/1.jpg", "new"));
  CHECK(here.files.read("a/1.jpg", 100).value() == "new");
  CHECK(here.all() == std::vector<std::string>{"a/1.jpg"});
}

TEST_CASE("one file that cannot be put in its place harms no other") {
  place here;
  std::ofstream{here.root / "taken"} << "a file where a folder is wanted";
  place elsewhere;
  fs::create_directory_symlink(elsewhere.root, here.root / "away");
  std::vector<file_draft> drafts;
  for (auto const* const name : {"a/1.jpg", "taken/2.jpg", "away/3.jpg", "a/4.jpg"}) {
    drafts.push_back(here.files.draft(name, name).value());
  }
  auto const done = here.files.publish(drafts);
  REQUIRE(done.size() == 4);
  CHECK(done[0]);
  CHECK_FALSE(done[1]);
  CHECK_FALSE(done[2]);
  CHECK(done[3]);
  drafts.clear();
  CHECK(here.all() == std::vector<std::string>{"a/1.jpg", "a/4.jpg", "taken"});
  CHECK(elsewhere.all().empty());
}

TEST_CASE("a draft's path cannot leave the root") {
  place here;
  for (auto const* const name : {"../1.jpg", "/1.jpg", "a/../../1.jpg", ""}) {
    auto const made = here.files.draft(name, "x");
    REQUIRE_FALSE(made);
    CHECK(made.error().code == errc::store_rejected);
  }
}
