// SPDX-License-Identifier: MIT
#include "specimens/tables/specimen_totals.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <string>

namespace vinny {
namespace {

constexpr std::string_view raw_name = "files.raw_unprocessed";
constexpr std::string_view legacy_name = "files.legacy_unverified_index";

std::string name_of(specimen_state state) {
  return "images." + std::string{name(state)};
}
std::string name_of(specimen_status status) {
  return "gbif_ids." + std::string{name(status)};
}

template <class Each>
void each_name(Each&& each) {
  for (int i = 0; i < specimen_states; ++i) each(name_of(static_cast<specimen_state>(i)), i, 'i');
  // 0 is "none": specimens without images are not kept.
  for (int i = 1; i < specimen_statuses; ++i)
    each(name_of(static_cast<specimen_status>(i)), i, 's');
}

}  // namespace

void specimen_change::write_to(database& db) const {
  auto const add = [&](std::string_view what, std::int64_t count) {
    if (count == 0) return;
    db.execute(
        "INSERT INTO specimen_totals (name, n) VALUES (?, ?) ON CONFLICT DO UPDATE SET n = n + "
        "excluded.n",
        what, count);
  };
  each_name([&](std::string const& what, int at, char which) {
    auto const i = static_cast<std::size_t>(at);
    add(what, which == 'i' ? images_[i] : specimens_[i]);
  });
  add(raw_name, raw_);
  add(legacy_name, legacy_);
  for (auto const& [host, of] : hosts_) {
    if (std::ranges::all_of(of, [](std::int64_t n) { return n == 0; })) continue;
    db.execute(
        "UPDATE specimen_hosts SET pending = pending + ?, success = success + ?, failed_transient "
        "= failed_transient + ?, failed_permanent = failed_permanent + ?, exhausted = exhausted + "
        "? WHERE id = ?",
        of[0], of[1], of[2], of[3], of[4], host);
  }
}

std::int64_t specimen_totals::all_images() const noexcept {
  return std::reduce(images.begin(), images.end());
}

std::int64_t specimen_totals::all_specimens() const noexcept {
  return std::reduce(specimens.begin(), specimens.end());
}

specimen_totals read_specimen_totals(database& db) {
  std::map<std::string, std::int64_t> all;
  db.query("SELECT name, n FROM specimen_totals", [&](SQLite::Statement& row) {
    all[row.getColumn(0).getString()] = row.getColumn(1).getInt64();
  });
  specimen_totals out;
  each_name([&](std::string const& what, int at, char which) {
    auto const i = static_cast<std::size_t>(at);
    (which == 'i' ? out.images[i] : out.specimens[i]) = all[what];
  });
  out.raw_unprocessed = all[std::string{raw_name}];
  out.legacy_unverified = all[std::string{legacy_name}];
  return out;
}

void write_specimen_totals(database& db, specimen_totals const& counted) {
  auto const set = [&](std::string_view what, std::int64_t count) {
    db.execute("INSERT OR REPLACE INTO specimen_totals (name, n) VALUES (?, ?)", what, count);
  };
  each_name([&](std::string const& what, int at, char which) {
    auto const i = static_cast<std::size_t>(at);
    set(what, which == 'i' ? counted.images[i] : counted.specimens[i]);
  });
  set(raw_name, counted.raw_unprocessed);
  set(legacy_name, counted.legacy_unverified);
}

std::int64_t specimen_host_id(database& db, std::string const& name) {
  db.execute("INSERT INTO specimen_hosts (name) VALUES (?) ON CONFLICT DO NOTHING", name);
  return db.number("SELECT id FROM specimen_hosts WHERE name = ?", name);
}

}  // namespace vinny
