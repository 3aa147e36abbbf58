// SPDX-License-Identifier: MIT
#include "http/server/places.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>

#include <vector>

using namespace vinny;

namespace {

std::vector<std::shared_ptr<void>> all_that(places& from, std::optional<uid_t> user) {
  std::vector<std::shared_ptr<void>> out;
  while (auto one = from.take(user)) out.push_back(std::move(one));
  return out;
}

}  // namespace

TEST_CASE("a stranger has a quarter of the places, the operator all that are left") {
  uid_t const stranger = ::geteuid() + 1;
  places all{8};
  auto const theirs = all_that(all, stranger);
  CHECK(theirs.size() == 2);
  CHECK(all_that(all, stranger + 1).size() == 2);  // who has gone again
  CHECK(all.taken() == 2);
  CHECK(all_that(all, 0).size() == 6);
  CHECK(all_that(all, ::geteuid()).size() == 6);
}

TEST_CASE("those of whom nothing is known share one share") {
  places all{8};
  auto first = all_that(all, std::nullopt);
  CHECK(first.size() == 2);
  first.pop_back();
  CHECK(all_that(all, std::nullopt).size() == 1);
  first.clear();
  CHECK(all.taken() == 0);
}

TEST_CASE("the smallest house has a place for everybody, one at a time") {
  places all{1};
  auto one = all.take(std::nullopt);
  REQUIRE(one);
  CHECK_FALSE(all.take(0));
  one.reset();
  CHECK(all.take(0));
}
