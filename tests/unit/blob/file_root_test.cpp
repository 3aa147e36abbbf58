// SPDX-License-Identifier: MIT
#include "blob/file.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include <filesystem>
#include <iterator>
#include <string>

#include "unit/scratch_folder.hpp"

using namespace vinny;

namespace {

namespace fs = std::filesystem;

std::size_t temporaries(fs::path const& root) {
  if (!fs::exists(root / ".vinny-tmp")) return 0;
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator{root / ".vinny-tmp"}, fs::directory_iterator{}));
}

}  // namespace

TEST_CASE("a file is written, read, measured and replaced") {
  scratch_folder const folder;
  file_root const root{folder.path / "data"};  // made when it is missing
  REQUIRE(root.write("artists/dom-dolla/a.jpg", "first"));
  CHECK(content_of(root.path() / "artists/dom-dolla/a.jpg") == "first");
  CHECK(root.size("artists/dom-dolla/a.jpg") == 5);
  CHECK(root.read("artists/dom-dolla/a.jpg", 100) == "first");

  REQUIRE(root.write("artists/dom-dolla/a.jpg", "2nd"));
  CHECK(root.read("artists/dom-dolla/a.jpg", 100) == "2nd");
  REQUIRE(root.write("empty", ""));
  CHECK(root.size("empty") == 0);
  CHECK(root.read("empty", 0) == "");
  CHECK(temporaries(root.path()) == 0);
}

TEST_CASE("who has the old file open keeps the old file, whole") {
  scratch_folder const folder;
  file_root const root{folder.path};
  std::string const old_text(100'000, 'o');
  REQUIRE(root.write("a", old_text));
  std::ifstream reader{folder.path / "a", std::ios::binary};
  std::string half(50'000, '\0');
  reader.read(half.data(), 50'000);
  REQUIRE(root.write("a", "new"));
  std::string const rest{std::istreambuf_iterator<char>{reader}, {}};
  CHECK(half + rest == old_text);
  CHECK(content_of(folder.path / "a") == "new");
}

TEST_CASE("a path that leaves the root is refused and nothing is touched") {
  scratch_folder const folder;
  file_root const root{folder.path / "data"};
  REQUIRE(root.write("inside", "x"));
  put_content(folder.path / "outside", "secret");
  auto const bad =
      GENERATE(values<std::string>({"", "/etc/passwd", "../outside", "a/../../outside", "..", ".",
                                    "./a", "a//b", "a/", "/", "a/./b", std::string{"a\0b", 3}}));
  CAPTURE(bad);
  auto const written = root.write(bad, "x");
  REQUIRE_FALSE(written);
  CHECK(written.error().code == errc::store_rejected);
  CHECK(root.copy_in(folder.path / "outside", bad).error().code == errc::store_rejected);
  CHECK(root.move("inside", bad).error().code == errc::store_rejected);
  CHECK(root.move(bad, "elsewhere").error().code == errc::store_rejected);
  CHECK(root.read(bad, 100).error().code == errc::store_rejected);
  CHECK_FALSE(root.size(bad));
  CHECK(content_of(folder.path / "outside") == "secret");
  CHECK(root.size("inside") == 1);
}

TEST_CASE("a symbolic link is not followed") {
  scratch_folder const folder;
  file_root const root{folder.path / "data"};
  REQUIRE(root.write("real", "x"));
  fs::create_directory(folder.path / "elsewhere");
  put_content(folder.path / "elsewhere/file", "secret");
  fs::create_directory_symlink(folder.path / "elsewhere", root.path() / "folder");
  fs::create_symlink(folder.path / "elsewhere/file", root.path() / "link");

  CHECK_FALSE(root.write("folder/new", "x"));
  CHECK_FALSE(root.write("folder/sub/new", "x"));
  CHECK_FALSE(root.copy_in(root.path() / "link", "copied"));
  CHECK_FALSE(root.move("real", "folder/real"));
  CHECK_FALSE(root.read("folder/file", 100));
  CHECK_FALSE(root.read("link", 100));
  CHECK_FALSE(root.size("folder/file"));
  CHECK_FALSE(root.size("link"));
  CHECK_FALSE(fs::exists(folder.path / "elsewhere/new"));
  CHECK_FALSE(fs::exists(folder.path / "elsewhere/sub"));
  CHECK(temporaries(root.path()) == 0);

  // Writing over a link replaces the link, not what it points to.
  REQUIRE(root.write("link", "mine"));
  CHECK(content_of(folder.path / "elsewhere/file") == "secret");
  CHECK(root.read("link", 100) == "mine");
}

TEST_CASE("what is no regular file has no size and cannot be read") {
  scratch_folder const folder;
  file_root const root{folder.path};
  fs::create_directory(folder.path / "folder");
  REQUIRE(::mkfifo((folder.path / "pipe").c_str(), 0600) == 0);
  for (char const* const name : {"folder", "pipe", "missing", "missing/too"}) {
    CAPTURE(name);
    CHECK_FALSE(root.size(name));
    auto const out = root.read(name, 100);
    REQUIRE_FALSE(out);
    CHECK(out.error().code == errc::not_found);
  }
  file_root const nowhere{folder.path / "nowhere"};
  CHECK_FALSE(nowhere.size("a"));
  CHECK(nowhere.read("a", 100).error().code == errc::not_found);
  CHECK_FALSE(fs::exists(nowhere.path()));
}

TEST_CASE("reading stops at the limit") {
  scratch_folder const folder;
  file_root const root{folder.path};
  REQUIRE(root.write("a", "12345"));
  CHECK(root.read("a", 5) == "12345");
  auto const out = root.read("a", 4);
  REQUIRE_FALSE(out);
  CHECK(out.error().code == errc::body_too_large);
}

TEST_CASE("a file is copied in whole") {
  scratch_folder const folder;
  file_root const root{folder.path / "data"};
  std::string text(200'001, 'x');
  text.front() = 'a';
  text.back() = 'z';
  put_content(folder.path / "source", text);
  CHECK(root.copy_in(folder.path / "source", "deep/er/copy") == 200'001);
  CHECK(content_of(root.path() / "deep/er/copy") == text);
  CHECK(content_of(folder.path / "source") == text);
  CHECK_FALSE(root.copy_in(folder.path / "missing", "copy"));
  CHECK_FALSE(root.size("copy"));
  CHECK(temporaries(root.path()) == 0);
}

TEST_CASE("a file moves within the root") {
  scratch_folder const folder;
  file_root const root{folder.path};
  REQUIRE(root.write("old/a", "1"));
  CHECK(root.move("old/a", "new/b") == true);
  CHECK_FALSE(root.size("old/a"));
  CHECK(root.read("new/b", 10) == "1");
  CHECK(root.move("old/a", "new/b") == false);
  CHECK(root.read("new/b", 10) == "1");
  REQUIRE(root.write("other", "22"));
  CHECK(root.move("other", "new/b") == true);
  CHECK(root.read("new/b", 10) == "22");
}

TEST_CASE("what a crash left is removed, real files stay") {
  scratch_folder const folder;
  file_root const root{folder.path};
  REQUIRE(root.write("artists/a.jpg", "x"));
  put_content(folder.path / ".vinny-tmp/01KXABCDEFGHJKMNPQRSTVWXYZ", "half");
  root.remove_leftovers();
  CHECK(temporaries(folder.path) == 0);
  CHECK(root.read("artists/a.jpg", 10) == "x");
  REQUIRE(root.write("b", "y"));
  root.remove_leftovers();
  root.remove_leftovers();
  CHECK(root.size("b") == 1);
}

TEST_CASE("nothing but our own temporary files is removed") {
  scratch_folder const folder;
  file_root const root{folder.path};
  auto const temporary = folder.path / ".vinny-tmp";
  fs::create_directories(temporary / "01KXABCDEFGHJKMNPQRSTVWXYZ");
  put_content(temporary / "notes.txt", "mine");
  fs::create_directories(folder.path / "tmp");
  put_content(folder.path / "tmp/01KXABCDEFGHJKMNPQRSTVWXYZ", "mine");
  fs::create_symlink(folder.path / "tmp", temporary / "01KXABCDEFGHJKMNPQRSTVWXY0");
  root.remove_leftovers();
  CHECK(temporaries(folder.path) == 3);
  CHECK(fs::exists(folder.path / "tmp/01KXABCDEFGHJKMNPQRSTVWXYZ"));
}

TEST_CASE("a file whose place is a folder's is not written") {
  scratch_folder const folder;
  file_root const root{folder.path};
  REQUIRE(root.write("a/b", "x"));
  CHECK_FALSE(root.write("a", "y"));
  CHECK_FALSE(root.write("a/b/c", "y"));
  CHECK(root.read("a/b", 10) == "x");
  CHECK(temporaries(folder.path) == 0);
}

TEST_CASE("a file is left alone when its content would be the same") {
  scratch_folder const folder;
  file_root const root{folder.path};
  CHECK(write_if_different(root, "m.json", "{}") == true);
  auto const inode = [&] {
    struct stat info{};
    REQUIRE(::stat((folder.path / "m.json").c_str(), &info) == 0);
    return info.st_ino;
  };
  auto const first = inode();
  CHECK(write_if_different(root, "m.json", "{}") == false);
  CHECK(inode() == first);
  CHECK(write_if_different(root, "m.json", "{ }") == true);
  CHECK(root.read("m.json", 10) == "{ }");
  CHECK_FALSE(write_if_different(root, "../m.json", "{}"));
}
