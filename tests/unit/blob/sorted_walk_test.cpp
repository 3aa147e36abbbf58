// SPDX-License-Identifier: MIT
#include "blob/sorted_walk.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

#include "unit/scratch_folder.hpp"

using namespace vinny;

namespace {

std::vector<std::string> walk(std::filesystem::path const& root, std::string after = {}) {
  std::vector<std::string> out;
  sorted_walk files{root, std::move(after)};
  for (;;) {
    auto const file = files.next();
    REQUIRE(file);
    if (!*file) return out;
    out.push_back((*file)->path);
  }
}

}  // namespace

TEST_CASE("files come in the order of their paths' bytes, as a bucket lists its keys") {
  scratch_folder const folder;
  std::vector<std::string> const names{"a.jpg",  "a/1.jpg", "a/b/2.jpg",
                                       "a0.jpg", "b.jpg",   "\xC3\xA9.jpg"};
  for (auto const& name : names) {
    std::filesystem::create_directories((folder.path / name).parent_path());
    put_content(folder.path / name, name);
  }
  put_content(folder.path / ".hidden", "x");
  std::filesystem::create_directories(folder.path / "empty");
  std::filesystem::create_symlink("/etc/passwd", folder.path / "link.jpg");
  auto sorted = names;
  std::ranges::sort(sorted);
  CHECK(walk(folder.path) == sorted);
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    CHECK(walk(folder.path, sorted[i]) ==
          std::vector<std::string>(sorted.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                   sorted.end()));
  }
}

TEST_CASE("what cannot be read is no empty directory") {
  scratch_folder const folder;
  sorted_walk files{folder.path / "missing"};
  auto const first = files.next();
  REQUIRE_FALSE(first);
  CHECK(first.error().code == errc::not_found);
}
