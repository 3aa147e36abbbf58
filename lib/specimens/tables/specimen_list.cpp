// SPDX-License-Identifier: MIT
#include "specimens/tables/specimen_list.hpp"

#include <algorithm>
#include <span>
#include <unordered_map>
#include <vector>

#include "catalog/bulk.hpp"
#include "core/text.hpp"

namespace vinny {
namespace {

struct known_image {
  specimen_image_id id;
  std::int64_t host = 0;
  specimen_state state = specimen_state::pending;
  bool retired = false;
  std::string urls;
};

std::string_view first_line(std::string_view text) noexcept {
  return text.substr(0, text.find('\n'));
}

/// What the catalog knows of the specimens in a range, one after the other.
class known_specimens {
 public:
  known_specimens(database& db, std::int64_t after, std::int64_t last)
      : rows_(db, "SELECT id, host, state, urls FROM specimen_images WHERE id >= ? AND id < ?") {
    rows_.bind(1, first_number(after + 1));
    rows_.bind(2, first_number(last + 1));
    more_ = rows_.step();
  }
  /// The gbifID of the next; largest_gbif_id + 1 at the end.
  [[nodiscard]] std::int64_t next_id() const {
    return more_ ? specimen_image_id::from(rows_.number(0)).gbif_id : largest_gbif_id + 1;
  }
  std::vector<known_image> take() {
    std::vector<known_image> out;
    auto const id = next_id();
    while (more_ && next_id() == id) {
      auto const state = rows_.number(2);
      out.push_back({.id = specimen_image_id::from(rows_.number(0)),
                     .host = rows_.number(1),
                     .state = static_cast<specimen_state>(state & (retired_bit - 1)),
                     .retired = (state & retired_bit) != 0,
                     .urls = std::string{rows_.text(3)}});
      more_ = rows_.step();
    }
    return out;
  }

 private:
  bulk_statement rows_;
  bool more_ = false;
};

class merger {
 public:
  merger(database& db, specimen_batch const& batch, image_key_of const& key)
      : db_(db),
        batch_(batch),
        key_(key),
        insert_(db, "INSERT INTO specimen_images (id, host, state, urls) VALUES (?, ?, 0, ?)"),
        update_(db, "UPDATE specimen_images SET host = ?, state = ?, urls = ? WHERE id = ?") {
    for (auto const& name : batch.hosts) hosts_.push_back(specimen_host_id(db, name));
  }

  list_merge run(std::int64_t after) {
    auto const last = std::max(batch_.last_gbif_id, after);
    known_specimens known{db_, after, last};
    std::span<listed_image const> rest = batch_.images;
    while (!rest.empty()) {
      auto const id = rest.front().gbif_id;
      std::size_t count = 1;
      while (count < rest.size() && rest[count].gbif_id == id) ++count;
      while (known.next_id() < id) retire(known.take());
      if (known.next_id() == id) {
        merge(rest.first(count), known.take());
      } else {
        append(rest.first(count));
      }
      rest = rest.subspan(count);
    }
    while (known.next_id() <= last) retire(known.take());
    change_.write_to(db_);
    return sum_;
  }

 private:
  void insert(listed_image const& one, std::int64_t ordinal) {
    auto const host = hosts_[one.host];
    insert_.bind(1, specimen_image_id{one.gbif_id, ordinal}.number());
    insert_.bind(2, host);
    insert_.bind(3, batch_.candidates(one));
    insert_.run();
    change_.image(host, specimen_state::pending, 1);
    ++sum_.added;
  }
  void append(std::span<listed_image const> images) {
    std::int64_t ordinal = 0;
    for (auto const& one : images) insert(one, ordinal++);
    change_.specimen(specimen_status::none, specimen_status::pending);
    sum_.images += static_cast<std::int64_t>(images.size());
    ++sum_.specimens;
  }
  void store(known_image const& one, std::string_view urls) {
    update_.bind(1, one.host);
    update_.bind(2, static_cast<std::int64_t>(one.state) + (one.retired ? retired_bit : 0));
    update_.bind(3, urls);
    update_.bind(4, one.id.number());
    update_.run();
  }
  void retire_one(known_image& one) {
    one.retired = true;
    store(one, one.urls);
    set_due(one, 0);
    change_.image(one.host, one.state, -1);
    ++sum_.retired;
  }
  /// What is not on any list is not due; what comes back is due at once, or at its time.
  void set_due(known_image const& one, std::int64_t due_ms) {
    if (one.state == specimen_state::failed_transient) {
      db_.execute("UPDATE specimen_failures SET due_at = ? WHERE id = ?", due_ms, one.id.number());
    } else if (one.state != specimen_state::pending && one.state != specimen_state::success) {
      db_.execute("UPDATE specimen_failures SET revisit_at = -revisit_at WHERE id = ?",
                  one.id.number());
    }
  }
  static specimen_tally tally(std::vector<known_image> const& images) {
    specimen_tally out;
    for (auto const& one : images) {
      if (!one.retired) out.add(one.state);
    }
    return out;
  }
  void retire(std::vector<known_image> images) {
    auto const was = tally(images).status();
    for (auto& one : images) {
      if (!one.retired) retire_one(one);
    }
    change_.specimen(was, specimen_status::none);
  }
  void merge(std::span<listed_image const> listed, std::vector<known_image> known) {
    auto const was = tally(known).status();
    auto const before = known.size();
    std::vector<bool> named(before, false);
    std::unordered_map<std::string_view, std::size_t> by_key;
    for (std::size_t i = 0; i < before; ++i) {
      // Of what other rules made one, nobody knows whose the file is: it stays, and is not given to
      // anybody.
      if (known[i].state == specimen_state::success && shows_several(known[i].urls)) continue;
      // Other rules may make one of two that were two: then it is the one that has a file.
      auto const [at, fresh] = by_key.try_emplace(key_(first_line(known[i].urls)), i);
      bool const better = known[i].state == specimen_state::success &&
                          known[at->second].state != specimen_state::success;
      if (!fresh && better) at->second = i;
    }
    specimen_tally is;
    auto ordinal = known.back().id.image_no + 1;
    for (auto const& one : listed) {
      auto const urls = batch_.candidates(one);
      auto const found = by_key.find(key_(first_line(urls)));
      auto const at = found == by_key.end() || named[found->second] ? before : found->second;
      if (at == before) {
        // Ordinals are never used twice; who has had 65,536 of them gets no more.
        if (ordinal >= most_specimen_images) {
          --sum_.images;
          continue;
        }
        insert(one, ordinal++);
        is.add(specimen_state::pending);
        continue;
      }
      named[at] = true;
      renew(known[at], one, urls);
      is.add(known[at].state);
    }
    for (std::size_t i = 0; i < before; ++i) {
      if (!named[i] && !known[i].retired) retire_one(known[i]);
    }
    change_.specimen(was, is.status());
    sum_.images += static_cast<std::int64_t>(listed.size());
    ++sum_.specimens;
  }
  [[nodiscard]] bool shows_several(std::string_view urls) const {
    auto const first = first_line(urls);
    if (first.size() == urls.size()) return false;
    auto const all = split(urls, '\n');
    return std::ranges::any_of(all, [&](std::string_view url) { return key_(url) != key_(first); });
  }
  /// Other addresses are another chance for what had failed.
  void renew(known_image& one, listed_image const& listed, std::string_view urls) {
    bool const same = one.urls == urls;
    if (same && !one.retired) return;
    if (!one.retired) change_.image(one.host, one.state, -1);
    sum_.returned += one.retired ? 1 : 0;
    sum_.changed += same ? 0 : 1;
    if (!same && one.state != specimen_state::success) {
      if (one.state != specimen_state::pending) {
        db_.execute("DELETE FROM specimen_failures WHERE id = ?", one.id.number());
      }
      one.state = specimen_state::pending;
    }
    if (!same) one.host = hosts_[listed.host];
    bool const back = std::exchange(one.retired, false);
    store(one, urls);
    if (back) set_due(one, 1);
    change_.image(one.host, one.state, 1);
  }

  database& db_;
  specimen_batch const& batch_;
  image_key_of const& key_;
  bulk_statement insert_;
  bulk_statement update_;
  std::vector<std::int64_t> hosts_;
  specimen_change change_;
  list_merge sum_;
};

}  // namespace

void drop_empty_work_list(database& db) {
  if (db.number("SELECT EXISTS (SELECT 1 FROM specimen_images)") != 0) return;
  db.handle().exec("DROP INDEX IF EXISTS specimen_images_pending");
}

bool has_work_list(database& db) {
  return db.number("SELECT count(*) FROM sqlite_master WHERE name = 'specimen_images_pending'") > 0;
}

void ensure_work_list(database& db) {
  db.handle().exec(
      "CREATE INDEX IF NOT EXISTS specimen_images_pending ON specimen_images(host) WHERE state = "
      "0");
}

list_merge merge_list(database& db, specimen_batch const& batch, std::int64_t after,
                      image_key_of const& key) {
  merger work{db, batch, key};
  return work.run(after);
}

retired_rest retire_rest(database& db, std::int64_t after, std::int64_t most) {
  auto const last = db.number(
      "SELECT max(id) FROM (SELECT id FROM specimen_images WHERE id >= ? ORDER BY id LIMIT ?)",
      first_number(after + 1), most);
  if (last == 0) return {.last_gbif_id = after, .images = 0, .more = false};
  specimen_batch nothing;
  nothing.last_gbif_id = specimen_image_id::from(last).gbif_id;
  auto const merged = merge_list(db, nothing, after, [](std::string_view url) { return url; });
  return {.last_gbif_id = nothing.last_gbif_id, .images = merged.retired, .more = true};
}

void begin_forgetting(database& db) {
  db.execute("DELETE FROM specimen_totals");
  db.execute(
      "UPDATE specimen_hosts SET pending = 0, success = 0, failed_transient = 0, "
      "failed_permanent = 0, exhausted = 0");
}

bool forget_specimens(database& db, std::int64_t most) {
  int gone = 0;
  for (auto const* const sql :
       {"DELETE FROM specimen_images WHERE id IN (SELECT id FROM specimen_images LIMIT ?)",
        "DELETE FROM specimen_files WHERE id IN (SELECT id FROM specimen_files LIMIT ?)",
        "DELETE FROM specimen_failures WHERE id IN (SELECT id FROM specimen_failures LIMIT ?)",
        "DELETE FROM specimen_uploads WHERE id IN (SELECT id FROM specimen_uploads LIMIT ?)"}) {
    gone += db.execute(sql, most);
  }
  return gone > 0;
}

void add_rejected(database& db, std::vector<rejected_row> const& rows) {
  bulk_statement insert{
      db, "INSERT OR REPLACE INTO specimen_rejects (line, reason, text) VALUES (?, ?, ?)"};
  for (auto const& one : rows) {
    insert.bind(1, one.line);
    insert.bind(2, one.reason);
    insert.bind(3, std::string_view{one.text});
    insert.run();
  }
}

void forget_rejected(database& db) {
  db.execute("DELETE FROM specimen_rejects");
}

}  // namespace vinny
