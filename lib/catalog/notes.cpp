// SPDX-License-Identifier: MIT
#include "catalog/notes.hpp"

namespace vinny {

std::optional<std::string> read_note(database& db, std::string const& name) {
  return db.text("SELECT value FROM notes WHERE name = ?", name);
}

void set_note(database& db, std::string const& name, std::string const& value) {
  db.execute(
      "INSERT INTO notes (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = "
      "excluded.value WHERE value IS NOT excluded.value",
      name, value);
}

}  // namespace vinny
