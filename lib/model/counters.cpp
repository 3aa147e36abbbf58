// SPDX-License-Identifier: MIT
#include "model/counters.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/subsystem.hpp"

namespace vinny {
namespace {

constexpr std::string_view deferred = "deferred";

std::vector<counter_name> collect_counters() {
  std::vector<counter_name> out;
  for (auto const* const system : systems()) {
    if (system->counters == nullptr) continue;
    system->counters()->each([&](counter_name const& named, std::int64_t) {
      if (std::ranges::find(out, named.name, &counter_name::name) == out.end()) {
        out.push_back(named);
      }
    });
  }
  out.push_back({deferred});
  return out;
}

}  // namespace

std::vector<counter_name> const& all_counters() {
  static auto const all = collect_counters();
  return all;
}

std::int64_t tally::operator[](std::string_view name) const {
  auto const it = numbers_.find(name);
  return it == numbers_.end() ? 0 : it->second;
}

void tally::add(std::string_view name, std::int64_t value) {
  set(name, (*this)[name] + value);
}

void tally::set(std::string_view name, std::int64_t value) {
  numbers_.insert_or_assign(std::string{name}, value);
}

std::int64_t tally::failed() const {
  std::int64_t out = 0;
  for (auto const& one : all_counters()) {
    if (one.kind != loss::none) out += (*this)[one.name];
  }
  return out;
}

std::int64_t tally::lost() const {
  bool const goes_on = (*this)[deferred] > 0;
  std::int64_t out = 0;
  for (auto const& one : all_counters()) {
    if (one.kind == loss::item || (one.kind == loss::until_later && !goes_on)) {
      out += (*this)[one.name];
    }
  }
  return out;
}

std::string deferred_line(tally const& counts) {
  auto const left = counts[deferred];
  return left > 0 ? fmt::format("  deferred {}: left for a later run\n", left) : std::string{};
}

}  // namespace vinny
