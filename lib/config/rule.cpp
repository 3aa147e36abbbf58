// SPDX-License-Identifier: MIT
#include "config/rule.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.hpp"

namespace vinny::settings {
namespace {

constexpr std::size_t longest_compared = 64;

// Optimal string alignment: insertions, deletions, replacements and swaps of neighbours.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(before_last, last);
    std::swap(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      bool const same = a[i - 1] == b[j - 1];
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
  }
  return row[b.size()];
}

bool is_bare(std::string_view key) {
  return !key.empty() && std::ranges::all_of(key, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

std::string_view leaf(std::string_view key) {
  return key.substr(key.rfind('.') + 1);
}

}  // namespace

reporter reporter::at(std::string_view key) const {
  auto const shown = is_bare(key) ? std::string(key) : toml_string(clip(key, longest_compared));
  auto copy = *this;
  copy.key_ = key_.empty() ? shown : fmt::format("{}.{}", key_, shown);
  return copy;
}

bool expect(shape wanted, value const& found, reporter const& report) {
  if (found.kind == wanted) return true;
  report(found.line, fmt::format("must be {}, not {}", name_of(wanted), name_of(found.kind)));
  return false;
}

std::string did_you_mean(std::string_view name, std::vector<std::string> const& candidates) {
  if (name.empty() || name.size() > longest_compared) return {};
  auto const folded = to_lower(name);
  std::string_view best;
  auto best_distance = std::max<std::size_t>(folded.size() / 3, 1) + 1;
  for (auto const& candidate : candidates) {
    auto distance = edit_distance(folded, to_lower(candidate));
    // "delay" for "delay_ms", "concurrency" for "http.concurrency".
    bool const start = folded.size() >= 4 && to_lower(candidate).starts_with(folded);
    if (start || to_lower(leaf(candidate)) == folded) distance = std::min<std::size_t>(distance, 1);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best.empty() ? std::string{} : fmt::format(" (did you mean {}?)", best);
}

}  // namespace vinny::settings
