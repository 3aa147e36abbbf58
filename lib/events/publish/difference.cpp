// SPDX-License-Identifier: MIT
#include "events/publish/difference.hpp"

#include <array>
#include <functional>
#include <ranges>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace vinny {
namespace {

std::vector<change> upserts(std::vector<row> const& wanted,
                            std::map<std::string, std::string> const& published, bool full,
                            std::unordered_set<std::string>& seen) {
  std::vector<change> out;
  for (row const& value : wanted) {
    auto key = key_of(value);
    if (!seen.insert(key).second) continue;
    auto digest = digest_of(value);
    auto const before = published.find(key);
    if (!full && before != published.end() && before->second == digest) continue;
    out.push_back({change::kind::upsert, value, std::move(key), std::move(digest)});
  }
  return out;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> marks_of(std::span<change const> changes) {
  std::vector<std::pair<std::string, std::string>> out;
  out.reserve(changes.size());
  for (auto const& one : changes) out.emplace_back(one.key, one.digest);
  return out;
}

std::vector<change const*> in_safe_order(std::span<change const> changes) {
  std::array<std::vector<change const*>, all_tables.size()> removals;
  std::array<std::vector<change const*>, all_tables.size()> writes;
  for (change const& c : changes) {
    auto& side = c.what == change::kind::remove ? removals : writes;
    side[static_cast<std::size_t>(c.value.table)].push_back(&c);
  }
  std::vector<change const*> out;
  out.reserve(changes.size());
  for (auto const& group : removals | std::views::reverse) {
    out.insert(out.end(), group.begin(), group.end());
  }
  for (auto const& group : writes) out.insert(out.end(), group.begin(), group.end());
  return out;
}

std::vector<change> difference(std::vector<row> const& wanted,
                               std::map<std::string, std::string> const& published, bool full) {
  std::unordered_set<std::string> seen;
  auto found = upserts(wanted, published, full, seen);
  for (auto const& [key, digest] : published) {
    if (seen.contains(key)) continue;
    auto gone = row_of_key(key);
    if (gone) found.push_back({change::kind::remove, std::move(*gone), key, {}});
  }
  std::vector<change> out;
  out.reserve(found.size());
  for (change const* c : in_safe_order(found)) out.push_back(*c);
  return out;
}

}  // namespace vinny
