// SPDX-License-Identifier: MIT
#include "specimens/stages/specimen_check.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <optional>
#include <random>
#include <span>
#include <utility>

#include "core/digest.hpp"
#include "specimens/tables/specimen_list.hpp"

namespace vinny {
namespace {

constexpr std::int64_t counted_at_once = 500'000;
constexpr std::int64_t largest_file = 1LL << 30;
constexpr std::size_t shown = 20;

/// The first file from `from` on; its id, or nothing.
std::optional<std::int64_t> check_file(database& db, file_root const& files, std::int64_t from,
                                       specimen_check& out) {
  std::optional<std::int64_t> id;
  db.query(
      "SELECT id, extension, bytes, sha256 FROM specimen_files WHERE id >= ? ORDER BY id LIMIT 1",
      [&](SQLite::Statement& row) {
        id = row.getColumn(0).getInt64();
        auto const key = specimen_image_id::from(*id).key(row.getColumn(1).getString());
        ++out.checked;
        auto const there = files.read(key, largest_file);
        if (!there) return out.missing.push_back(key);
        auto const digest = row.getColumn(3);
        std::span<unsigned char const> const known{
            static_cast<unsigned char const*>(digest.getBlob()),
            static_cast<std::size_t>(digest.getBytes())};
        bool const same = std::cmp_equal(there->size(), row.getColumn(2).getInt64()) &&
                          (known.empty() || to_hex(known) == sha256_hex(*there));
        if (!same) out.changed.push_back(key);
      },
      from);
  return id;
}

/// All files when they are few, else some from anywhere.
void check_files(database& db, file_root const& files, std::int64_t sample, specimen_check& out) {
  auto const all = read_specimen_totals(db).of(specimen_state::success);
  if (all <= sample) {
    for (auto at = check_file(db, files, 0, out); at; at = check_file(db, files, *at + 1, out)) {
    }
    return;
  }
  auto const first = db.number("SELECT min(id) FROM specimen_files");
  auto const last = db.number("SELECT max(id) FROM specimen_files");
  std::mt19937_64 random{std::random_device{}()};
  std::uniform_int_distribution<std::int64_t> anywhere{first, std::max(first, last)};
  for (std::int64_t i = 0; i < sample; ++i) check_file(db, files, anywhere(random), out);
  for (auto* const list : {&out.missing, &out.changed}) {
    std::ranges::sort(*list);
    list->erase(std::ranges::unique(*list).begin(), list->end());
  }
}

boost::json::array names_of(std::vector<std::string> const& all) {
  return boost::json::array(all.begin(), all.end());
}

}  // namespace

specimen_check check_specimens(database& db, file_root const& files, int sample) {
  specimen_check out;
  db.query("PRAGMA integrity_check(20)", [&](SQLite::Statement& row) {
    auto text = row.getColumn(0).getString();
    if (text != "ok") out.damage.push_back(std::move(text));
  });
  // One snapshot: what is done beside us meanwhile is not seen.
  SQLite::Transaction const snapshot{db.handle()};
  recount_state state;
  while (recount(db, state, counted_at_once)) {
  }
  out.counts_agree = counts_agree(db, state);
  check_files(db, files, sample, out);
  return out;
}

std::string to_json(specimen_check const& found) {
  boost::json::object out;
  out["good"] = found.good();
  out["integrity"] = names_of(found.damage);
  out["counts_agree"] = found.counts_agree;
  out["files"] = {{"checked", found.checked},
                  {"missing", names_of(found.missing)},
                  {"changed", names_of(found.changed)}};
  return boost::json::serialize(out);
}

std::string to_text(specimen_check const& found) {
  auto out = fmt::format("database  {}\n", found.damage.empty() ? "whole" : "DAMAGED");
  for (auto const& one : found.damage) out += fmt::format("  {}\n", one);
  out += fmt::format("counts    {}\n", found.counts_agree
                                           ? "agree with the rows"
                                           : "DIFFER from the rows; `vinny specimens ingest "
                                             "--finalize-only` puts them right");
  out += fmt::format("files     {} looked at, {} missing, {} changed\n", found.checked,
                     found.missing.size(), found.changed.size());
  for (auto const* const list : {&found.missing, &found.changed}) {
    for (std::size_t i = 0; i < std::min(list->size(), shown); ++i) {
      out += fmt::format("  {} {}\n", list == &found.missing ? "missing" : "changed", (*list)[i]);
    }
  }
  return out;
}

}  // namespace vinny
