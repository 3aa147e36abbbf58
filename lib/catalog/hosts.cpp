// SPDX-License-Identifier: MIT
#include "catalog/hosts.hpp"

#include "observe/log.hpp"

namespace vinny {
namespace {

std::string text_of(std::optional<instant> const& at) {
  return at ? to_rfc3339(*at) : "";
}

}  // namespace

void forget_hosts(database& db, std::string const& at, std::string const& before) {
  db.execute("DELETE FROM hosts WHERE cooldown_until < ?1 AND breaker_until < ?1 AND failures = 0",
             at);
  db.execute("DELETE FROM robots WHERE fetched_at < ?", before);
}

catalog_host_memory::catalog_host_memory(catalog& owner, database& reader) : owner_(owner) {
  reader.query("SELECT host, cooldown_until, breaker_until, failures FROM hosts",
               [&](SQLite::Statement& row) {
                 lanes_.emplace_back(
                     row.getColumn(0).getString(),
                     lane_state{.cooldown_until = from_rfc3339(row.getColumn(1).getString()),
                                .breaker_until = from_rfc3339(row.getColumn(2).getString()),
                                .consecutive_failures = row.getColumn(3).getInt()});
               });
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
  auto const kept = co_await owner_.write([host = std::move(host), state](database& db) {
    db.execute(
        "INSERT INTO hosts (host, cooldown_until, breaker_until, failures) VALUES (?, ?, ?, ?) ON "
        "CONFLICT DO UPDATE SET cooldown_until = excluded.cooldown_until, breaker_until = "
        "excluded.breaker_until, failures = excluded.failures",
        host, text_of(state.cooldown_until), text_of(state.breaker_until),
        state.consecutive_failures);
  });
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
