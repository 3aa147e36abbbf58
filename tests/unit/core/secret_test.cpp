// SPDX-License-Identifier: MIT
#include "core/secret.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <catch2/catch.hpp>

#include <concepts>
#include <sstream>
#include <string>

using namespace vinny;

namespace {

template <class T>
concept streamable = requires(std::ostream& out, T const& value) { out << value; };

}  // namespace

static_assert(!fmt::is_formattable<secret>::value, "a secret must not have a formatter");
static_assert(!streamable<secret>, "a secret must not have a stream operator");
static_assert(!std::convertible_to<secret, std::string>);
static_assert(!std::convertible_to<secret, std::string_view>);
static_assert(!std::convertible_to<std::string, secret>, "making one is said aloud");

TEST_CASE("a secret reveals its value only when asked") {
  CHECK(secret{}.empty());
  secret const one{"hunter2"};
  CHECK_FALSE(one.empty());
  CHECK(one.reveal() == "hunter2");
  auto copy = one;
  CHECK(copy.reveal() == "hunter2");
  auto const moved = std::move(copy);
  CHECK(moved.reveal() == "hunter2");
}
