// SPDX-License-Identifier: MIT
#include <vector>

#include "catalog/bulk.hpp"
#include "specimens/tables/specimen_list.hpp"

namespace vinny {

bool recount(database& db, recount_state& state, std::int64_t most) {
  bulk_statement rows{db, "SELECT id, host, state FROM specimen_images WHERE id >= ?"};
  rows.bind(1, first_number(state.after + 1));
  specimen_tally tally;
  std::int64_t of = -1;
  auto const close = [&] {
    if (of < 0) return;
    auto const status = tally.status();
    if (status != specimen_status::none) ++state.sums.specimens[static_cast<std::size_t>(status)];
    tally = {};
    state.after = of;
  };
  std::int64_t seen = 0;
  while (rows.step()) {
    auto const id = specimen_image_id::from(rows.number(0)).gbif_id;
    if (id != of) {
      close();
      of = id;
      if (seen >= most) {
        rows.reset();
        return true;
      }
    }
    ++seen;
    auto const state_number = rows.number(2);
    if (state_number >= retired_bit) continue;
    auto const at = static_cast<std::size_t>(state_number);
    tally.add(static_cast<specimen_state>(state_number));
    ++state.sums.images[at];
    ++state.hosts[rows.number(1)][at];
  }
  close();
  return false;
}

bool counts_agree(database& db, recount_state const& state) {
  auto const told = read_specimen_totals(db);
  bool same = told.images == state.sums.images && told.specimens == state.sums.specimens;
  db.query(
      "SELECT id, pending, success, failed_transient, failed_permanent, exhausted FROM "
      "specimen_hosts",
      [&](SQLite::Statement& row) {
        auto const found = state.hosts.find(row.getColumn(0).getInt64());
        for (int i = 0; i < specimen_states; ++i) {
          auto const counted =
              found == state.hosts.end() ? 0 : found->second[static_cast<std::size_t>(i)];
          same = same && row.getColumn(i + 1).getInt64() == counted;
        }
      });
  return same;
}

bool write_recount(database& db, recount_state const& state) {
  bool const wrong = !counts_agree(db, state);
  auto sums = state.sums;
  auto const before = read_specimen_totals(db);
  sums.raw_unprocessed = before.raw_unprocessed;
  sums.legacy_unverified = before.legacy_unverified;
  write_specimen_totals(db, sums);
  std::vector<std::int64_t> hosts;
  db.query("SELECT id FROM specimen_hosts",
           [&](SQLite::Statement& row) { hosts.push_back(row.getColumn(0).getInt64()); });
  for (auto const host : hosts) {
    auto const found = state.hosts.find(host);
    auto const of = found == state.hosts.end() ? decltype(found->second){} : found->second;
    db.execute(
        "UPDATE specimen_hosts SET pending = ?, success = ?, failed_transient = ?, "
        "failed_permanent = ?, exhausted = ? WHERE id = ?",
        of[0], of[1], of[2], of[3], of[4], host);
  }
  return wrong;
}

}  // namespace vinny
