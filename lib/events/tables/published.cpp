// SPDX-License-Identifier: MIT
#include "events/tables/published.hpp"

namespace vinny {

std::map<std::string, std::string> published_digests(database& db, std::string const& target) {
  std::map<std::string, std::string> out;
  db.query(
      "SELECT key, digest FROM published WHERE target = ?",
      [&](SQLite::Statement& row) {
        out.emplace(row.getColumn(0).getString(), row.getColumn(1).getString());
      },
      target);
  return out;
}

void intend_published(database& db, std::string const& target,
                      std::vector<std::pair<std::string, std::string>> const& changes) {
  for (auto const& [key, digest] : changes) {
    if (digest.empty()) continue;
    db.execute(
        "INSERT INTO published (target, key, digest) VALUES (?, ?, ?) ON CONFLICT DO "
        "NOTHING",
        target, key, unconfirmed);
  }
}

void confirm_published(database& db, std::string const& target,
                       std::vector<std::pair<std::string, std::string>> const& changes) {
  for (auto const& [key, digest] : changes) {
    if (digest.empty()) {
      db.execute("DELETE FROM published WHERE target = ? AND key = ?", target, key);
    } else {
      db.execute(
          "INSERT INTO published (target, key, digest) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET "
          "digest = excluded.digest",
          target, key, digest);
    }
  }
}

void forget_published(database& db, std::string const& target) {
  db.execute("DELETE FROM published WHERE target = ?", target);
}

}  // namespace vinny
