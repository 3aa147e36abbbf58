// SPDX-License-Identifier: MIT
//
// The kinds of rules that tables of settings are made of: each takes a key, a pointer to the member
// that it sets, and its limits.
#pragma once

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/checks.hpp"
#include "config/rule.hpp"
#include "core/secret.hpp"

namespace vinny::settings {

inline constexpr std::size_t max_list_items = 1000;
inline constexpr std::size_t max_sizes = 8;     // of pictures
inline constexpr std::int64_t least_side = 16;  // pixels
inline constexpr std::int64_t most_side = 10'000;

/// "[ a, b ]" or "{ a, b }".
[[nodiscard]] std::string joined(std::vector<std::string> const& parts, char open, char close);
/// False, and reported, when there are more than `most`.
bool few_enough(std::size_t count, std::size_t most, int line, reporter const& report);

/// The text when it is one and passes the check; otherwise nothing, reported.
std::optional<std::string> read_text(value const& from, reporter const& report, text_check check);
std::vector<std::string> read_texts(value const& from, reporter const& report, text_check check);
std::string show_texts(std::vector<std::string> const& texts);

using sized_labels = std::vector<std::pair<std::string, std::uint32_t>>;
std::optional<sized_labels> read_sizes(value const& from, reporter const& report);
std::string show_sizes(sized_labels const& sizes);

using address_map = std::map<std::string, std::string>;
std::optional<address_map> read_addresses(value const& from, reporter const& report);
std::string show_addresses(address_map const& addresses);

std::optional<std::vector<std::uint16_t>> read_ports(value const& from, reporter const& report);
std::string show_ports(std::vector<std::uint16_t> const& ports);

std::optional<std::vector<int>> read_days(value const& from, reporter const& report);
std::string show_days(std::vector<int> const& days);

std::optional<secret> read_secret(value const& from, reporter const& report);

/// True when the integer is within the bounds; otherwise reported.
bool within(value const& from, std::int64_t min, std::int64_t max, reporter const& report);

template <class V>
struct unwrapped {
  using type = V;
};
template <class V>
struct unwrapped<std::optional<V>> {
  using type = V;
};

template <class V>
std::string show_number(V const& number) {
  if constexpr (requires { number.count(); }) {
    return std::to_string(number.count());
  } else {
    return std::to_string(number);
  }
}

/// An integer, or a duration as the integer of its unit; `min` and `max` are both allowed.
template <class T, class V>
rule<T> integer(std::string key, V T::* field, std::int64_t min, std::int64_t max) {
  using plain = typename unwrapped<V>::type;
  return {std::move(key),
          shape::integer,
          [=](T& into, value const& from, reporter const& report) {
            if (within(from, min, max, report)) into.*field = plain(from.number);
          },
          [=](T const& from) -> std::string {
            if constexpr (requires { (from.*field).has_value(); }) {
              return from.*field ? show_number(*(from.*field)) : std::string{};
            } else {
              return show_number(from.*field);
            }
          },
          min,
          max};
}

template <class T, class V>
rule<T> boolean(std::string key, V T::* field) {
  return {std::move(key), shape::boolean,
          [=](T& into, value const& from, reporter const& report) {
            if (expect(shape::boolean, from, report)) into.*field = from.flag;
          },
          [=](T const& from) -> std::string {
            if constexpr (requires { (from.*field).has_value(); }) {
              return from.*field ? fmt::format("{}", *(from.*field)) : std::string{};
            } else {
              return fmt::format("{}", from.*field);
            }
          }};
}

/// A string, or a path.
template <class T, class V>
rule<T> text(std::string key, V T::* field, text_check check = any_text) {
  return {std::move(key), shape::text,
          [=](T& into, value const& from, reporter const& report) {
            if (auto read = read_text(from, report, check)) into.*field = std::move(*read);
          },
          [=](T const& from) {
            if constexpr (requires { (from.*field).native(); }) {
              return toml_string((from.*field).native());
            } else {
              return toml_string(from.*field);
            }
          }};
}

template <class T>
rule<T> hidden(std::string key, secret T::* field) {
  return {std::move(key),
          shape::text,
          [=](T& into, value const& from, reporter const& report) {
            if (auto read = read_secret(from, report)) into.*field = std::move(*read);
          },
          [=](T const& from) { return toml_string((from.*field).empty() ? "" : "<set>"); },
          0,
          0,
          [=](T const& from) { return &(from.*field); }};
}

template <class T>
rule<T> texts(std::string key, std::vector<std::string> T::* field, text_check check) {
  return {std::move(key), shape::list,
          [=](T& into, value const& from, reporter const& report) {
            into.*field = read_texts(from, report, check);
          },
          [=](T const& from) { return show_texts(from.*field); }};
}

/// Any other member, by a pair of functions.
template <class T, class V>
rule<T> composite(std::string key, shape takes, V T::* field,
                  std::optional<V> (*read)(value const&, reporter const&),
                  std::string (*show)(V const&)) {
  return {std::move(key), takes,
          [=](T& into, value const& from, reporter const& report) {
            if (auto got = read(from, report)) into.*field = std::move(*got);
          },
          [=](T const& from) { return show(from.*field); }};
}

/// The rules of a section as rules of the whole.
template <class T, class Part>
void add_section(rules<T>& to, std::string const& name, Part T::* part, rules<Part> const& from) {
  for (auto const& each : from) {
    auto show = [=](T const& whole) { return each.show(whole.*part); };
    to.push_back({name + "." + each.key,
                  each.takes,
                  [=](T& whole, value const& in, reporter const& report) {
                    each.read(whole.*part, in, report);
                  },
                  std::move(show),
                  each.min,
                  each.max,
                  {}});
    if (each.secret_of) {
      to.back().secret_of = [=](T const& whole) { return each.secret_of(whole.*part); };
    }
  }
}

}  // namespace vinny::settings
