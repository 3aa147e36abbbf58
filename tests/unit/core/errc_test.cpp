// SPDX-License-Identifier: MIT
#include "core/errc.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <string>

#include "core/failure.hpp"
#include "unit/repository.hpp"

using namespace vinny;

TEST_CASE("every code has its own snake_case name, a clause, and comes back from its name") {
  std::set<std::string_view> names;
  std::set<std::string_view> clauses;
  auto const last = static_cast<int>(errc::internal);
  for (int i = 1; i <= last; ++i) {
    auto const code = static_cast<errc>(i);
    auto const text = name(code);
    CAPTURE(i, text);
    CHECK(text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789") == std::string::npos);
    CHECK_FALSE(text.empty());
    CHECK_FALSE(describe(code).empty());
    CHECK(errc_from_name(text) == code);
    names.insert(text);
    clauses.insert(describe(code));
  }
  CHECK(names.size() == static_cast<std::size_t>(last));
  CHECK(clauses.size() == static_cast<std::size_t>(last));
}

TEST_CASE("what is no code is a defect") {
  CHECK(errc_from_name("") == errc::internal);
  CHECK(errc_from_name("HTTP_NOT_FOUND") == errc::internal);
  CHECK(name(static_cast<errc>(0)) == "internal");
  CHECK(name(static_cast<errc>(-1)) == "internal");
  CHECK(name(static_cast<errc>(9999)) == "internal");
}

TEST_CASE("codes are standard error codes of one category") {
  std::error_code const code = errc::http_not_found;
  CHECK(code.category() == vinny_category());
  CHECK(std::string{code.category().name()} == "vinny");
  CHECK(code.message() == describe(errc::http_not_found));
  CHECK(code == errc::http_not_found);
  CHECK(code);  // zero is no failure, so no code is zero
}

TEST_CASE("a failure without words uses those of its code") {
  CHECK(failure{errc::disk_full}.message == describe(errc::disk_full));
  result<int> const failed = fail(errc::disk_full, "no room in /data");
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == errc::disk_full);
  CHECK(failed.error().message == "no room in /data");
  CHECK_FALSE(failed.error().retry_at);
  CHECK(failure{}.code == errc::internal);
}

TEST_CASE("the manual and the page tell of every code what to do") {
  auto const manual = test::read_from_repository("docs/operations.md");
  auto const page = test::read_from_repository("lib/control/page/app.js");
  for (int i = 1; i <= static_cast<int>(errc::internal); ++i) {
    auto const code = static_cast<errc>(i);
    auto const text = std::string{name(code)};
    INFO(text);
    CHECK(manual.contains("\n| `" + text + "` | " + std::string{describe(code)} + " | "));
    CHECK((page.contains(' ' + text + ": ")));
  }
}
