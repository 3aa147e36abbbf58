// SPDX-License-Identifier: MIT
#include "catalog/hosts.hpp"

#include "observe/log.hpp"

namespace vinny {
namespace {

std::string text_of(std::optional<instant> const& at) {
  return at ? to_rfc3339(*at) : "";
}

}  // namespace

std::vector<known_host> read_hosts(database& db) {
  std::vector<known_host> out;
  db.query(
      "SELECT host, cooldown_until, breaker_until, failures, errors, answers, quarantined_at, "
      "set_delay_ms, set_concurrency, released_at FROM hosts ORDER BY host",
      [&](SQLite::Statement& row) {
        lane_state state;
        state.cooldown_until = from_rfc3339(row.getColumn(1).getString());
        state.breaker_until = from_rfc3339(row.getColumn(2).getString());
        state.consecutive_failures = row.getColumn(3).getInt();
        state.record.errors = row.getColumn(4).getInt64();
        state.record.answers = row.getColumn(5).getInt64();
        state.record.quarantined_at = from_rfc3339(row.getColumn(6).getString());
        if (auto const set = row.getColumn(7); !set.isNull()) {
          state.set_delay = std::chrono::milliseconds{set.getInt64()};
        }
        if (auto const set = row.getColumn(8); !set.isNull()) state.set_concurrency = set.getInt();
        state.released_at = from_rfc3339(row.getColumn(9).getString());
        out.push_back({row.getColumn(0).getString(), state});
      });
  return out;
}

void keep_host(database& db, std::string const& host, lane_state const& state) {
  std::optional<std::int64_t> delay;
  if (state.set_delay) delay = state.set_delay->count();
  db.execute(
      "INSERT OR REPLACE INTO hosts (host, cooldown_until, breaker_until, failures, errors, "
      "answers, quarantined_at, set_delay_ms, set_concurrency, released_at) VALUES (?1, ?2, ?3, "
      "?4, "
      "?5, ?6, ?7, nullif(?8, -1), nullif(?9, -1), ?10)",
      host, text_of(state.cooldown_until), text_of(state.breaker_until), state.consecutive_failures,
      state.record.errors, state.record.answers, text_of(state.record.quarantined_at),
      delay.value_or(-1), state.set_concurrency.value_or(-1), text_of(state.released_at));
}

void forget_hosts(database& db, std::string const& at, std::string const& before) {
  db.execute(
      "DELETE FROM hosts WHERE cooldown_until < ?1 AND breaker_until < ?1 AND failures = 0 AND "
      "errors = 0 AND set_delay_ms IS NULL AND set_concurrency IS NULL AND released_at < ?2",
      at, before);
  db.execute("DELETE FROM robots WHERE fetched_at < ?", before);
}

catalog_host_memory::catalog_host_memory(catalog& owner, database& reader) : owner_(owner) {
  for (auto& one : read_hosts(reader)) {
    lanes_.emplace_back(std::move(one.name), one.state);
  }
  reader.query("SELECT origin, status, body, fetched_at FROM robots", [&](SQLite::Statement& row) {
    robots_[row.getColumn(0).getString()] = {
        .status = row.getColumn(1).getInt(),
        .body = row.getColumn(2).getString(),
        .fetched_at = from_rfc3339(row.getColumn(3).getString()).value_or(instant{})};
  });
}

std::vector<std::pair<std::string, lane_state>> catalog_host_memory::lanes() {
  return lanes_;
}

task<> catalog_host_memory::keep_lane(std::string host, lane_state state) {
  auto const kept = co_await owner_.write(
      [host = std::move(host), state](database& db) { keep_host(db, host, state); });
  if (!kept) log(log_level::warn, "fetch", kept.error().message);
}

std::optional<robots_record> catalog_host_memory::robots(std::string const& origin) {
  auto const it = robots_.find(origin);
  return it == robots_.end() ? std::nullopt : std::optional{it->second};
}

void catalog_host_memory::keep_robots(std::string const& origin, robots_record const& record) {
  robots_[origin] = record;
  owner_.note([origin, record](database& db) {
    db.execute(
        "INSERT INTO robots (origin, status, body, fetched_at) VALUES (?, ?, ?, ?) ON CONFLICT DO "
        "UPDATE SET status = excluded.status, body = excluded.body, fetched_at = "
        "excluded.fetched_at",
        origin, record.status, record.body, to_rfc3339(record.fetched_at));
  });
}

}  // namespace vinny
