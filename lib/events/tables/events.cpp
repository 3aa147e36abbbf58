// SPDX-License-Identifier: MIT
#include "events/tables/events.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <map>
#include <tuple>

#include "core/slug.hpp"
#include "core/text.hpp"
#include "events/tables/records.hpp"

namespace vinny {
namespace {

namespace json = boost::json;

/// Of two spellings of one name, the one to show: mixed case before capitals, then by alphabet.
/// Any order of arrival gives the same.
bool better_spelling(std::string const& a, std::string const& b) {
  auto const shouting = [](std::string const& s) {
    return std::ranges::none_of(s, [](char c) { return c >= 'a' && c <= 'z'; });
  };
  return shouting(a) != shouting(b) ? shouting(b) : a < b;
}

struct sighting {
  event record;
  std::string scraped_at;
  std::string page_url;
  int ordinal = 0;

  /// The best source first; a tie by the page, so that no order of reading matters.
  [[nodiscard]] auto rank() const { return std::tie(record.source, page_url, ordinal); }
};

void fill(std::string& into, std::string const& from) {
  if (into.empty()) into = from;
}

/// What several pages say of one event: the best source leads, the others fill its gaps.
sighting merged(std::vector<sighting> const& all) {
  auto out = all.front();
  for (auto const& other : all) {
    auto& to = out.record;
    auto const& from = other.record;
    if (to.time.empty() && !from.time.empty()) {
      to.time = from.time;
      to.starts_at = from.starts_at;
    }
    fill(to.title, from.title);
    fill(to.description, from.description);
    fill(to.external_id, from.external_id);
    if (to.performers.size() < from.performers.size() && to.source != event_source::json_ld) {
      to.performers = from.performers;
    }
    if (to.tiers.empty()) to.tiers = from.tiers;
    for (auto const& image : from.images) {
      if (std::ranges::find(to.images, image) == to.images.end()) to.images.push_back(image);
    }
    out.scraped_at = std::max(out.scraped_at, other.scraped_at);
  }
  return out;
}

/// Sets on one day: sightings with different start times are different events, the later ones
/// numbered from 2. A sighting without a time belongs to the first.
std::vector<sighting> sets_of(std::vector<sighting> const& all) {
  std::map<std::string, std::vector<sighting>> by_time;
  std::vector<sighting> timeless;
  for (auto const& one : all) {
    if (one.record.time.empty()) {
      timeless.push_back(one);
    } else {
      by_time[one.record.starts_at].push_back(one);
    }
  }
  std::vector<sighting> out;
  for (auto& [time, group] : by_time) {
    if (out.empty()) {
      group.insert(group.end(), timeless.begin(), timeless.end());
      std::ranges::sort(group, {}, &sighting::rank);
    }
    out.push_back(merged(group));
  }
  if (out.empty() && !timeless.empty()) out.push_back(merged(timeless));
  return out;
}

std::vector<performer> performers_of(database& db, event const& record) {
  std::vector<performer> out;
  for (auto const& name : record.performers) {
    auto slug = artist_slug(db, name);
    if (std::ranges::find(out, slug, &performer::slug) == out.end()) {
      out.push_back({name, std::move(slug)});
    }
  }
  return out;
}

std::string to_record(std::vector<performer> const& performers) {
  json::array out;
  for (auto const& one : performers) out.push_back({{"name", one.name}, {"slug", one.slug}});
  return json::serialize(out);
}

std::vector<performer> performers_from_record(std::string_view record) {
  std::vector<performer> out;
  boost::system::error_code error;
  auto const parsed = json::parse(record, error);
  if (error || !parsed.is_array()) return out;
  for (auto const& one : parsed.get_array()) {
    out.push_back(
        {std::string{one.at("name").as_string()}, std::string{one.at("slug").as_string()}});
  }
  return out;
}

std::vector<sighting> sightings_of(database& db, std::string const& base_key) {
  std::vector<sighting> out;
  db.query(
      "SELECT s.record, s.scraped_at, p.url, s.ordinal FROM sightings s JOIN pages p ON p.id = "
      "s.page_id WHERE s.base_key = ?",
      [&](SQLite::Statement& row) {
        out.push_back({event_from_record(row.getColumn(0).getString()),
                       row.getColumn(1).getString(), row.getColumn(2).getString(),
                       row.getColumn(3).getInt()});
      },
      base_key);
  std::ranges::sort(out, {}, &sighting::rank);
  return out;
}

/// Makes the events of a key what its sightings say.
void derive(database& db, std::string const& base_key, std::string const& today,
            std::set<artist_at_venue>& touched) {
  std::set<std::string> old_keys;
  db.query(
      "SELECT composite_key, venue_tag, artist_slug, event_date FROM events WHERE base_key = ?",
      [&](SQLite::Statement& row) {
        touched.emplace(row.getColumn(1).getString(), row.getColumn(2).getString());
        // An event that is over stays as history when its page goes.
        if (row.getColumn(3).getString() >= today) old_keys.insert(row.getColumn(0).getString());
      },
      base_key);
  int number = 0;
  for (auto const& set : sets_of(sightings_of(db, base_key))) {
    ++number;
    auto const key = number == 1 ? base_key : base_key + '-' + std::to_string(number);
    old_keys.erase(key);
    auto const performers = performers_of(db, set.record);
    touched.emplace(set.record.venue_tag, performers.front().slug);
    db.execute(
        "INSERT INTO events (composite_key, base_key, venue_tag, artist_slug, event_date, "
        "performers, record, scraped_at, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, "
        "?7, ?8, ?8, ?8) ON CONFLICT DO UPDATE SET performers = excluded.performers, record = "
        "excluded.record, scraped_at = excluded.scraped_at, updated_at = excluded.updated_at "
        "WHERE record IS NOT excluded.record OR performers IS NOT excluded.performers",
        key, base_key, set.record.venue_tag, performers.front().slug, set.record.date,
        to_record(performers), vinny::to_record(set.record), set.scraped_at);
  }
  for (auto const& gone : old_keys) db.execute("DELETE FROM events WHERE composite_key = ?", gone);
}

stored_event event_of(SQLite::Statement& row) {
  return {.composite_key = row.getColumn(0).getString(),
          .record = event_from_record(row.getColumn(1).getString()),
          .performers = performers_from_record(row.getColumn(2).getString()),
          .scraped_at = row.getColumn(3).getString(),
          .created_at = row.getColumn(4).getString(),
          .updated_at = row.getColumn(5).getString()};
}

}  // namespace

std::string artist_slug(database& db, std::string const& name) {
  auto const [slug, identity] = slugify(name);
  auto chosen = slug;
  if (auto const holder = db.text("SELECT identity FROM artists WHERE slug = ?", slug);
      holder && *holder != identity) {
    chosen = slug_with_hash(slug, identity);
  }
  auto const shown = db.text("SELECT name FROM artists WHERE slug = ?", chosen);
  if (!shown) {
    db.execute("INSERT INTO artists (slug, identity, name) VALUES (?, ?, ?)", chosen, identity,
               name);
  } else if (*shown != name && better_spelling(name, *shown)) {
    db.execute("UPDATE artists SET name = ? WHERE slug = ?", name, chosen);
  }
  return chosen;
}

std::set<artist_at_venue> replace_sightings(database& db, std::int64_t page_id,
                                            std::vector<venue> const& venues,
                                            std::vector<event> const& events,
                                            std::string const& today,
                                            std::string const& scraped_at) {
  std::set<std::string> keys;
  std::map<std::string, std::string> venue_slugs;
  for (auto const& one : venues) {
    venue_slugs[one.tag] = one.id();
    db.query(
        "SELECT base_key FROM sightings WHERE page_id = ? AND venue_tag = ?",
        [&](SQLite::Statement& row) { keys.insert(row.getColumn(0).getString()); }, page_id,
        one.tag);
    db.execute("DELETE FROM sightings WHERE page_id = ? AND venue_tag = ?", page_id, one.tag);
  }
  auto ordinal =
      db.number("SELECT coalesce(max(ordinal), 0) FROM sightings WHERE page_id = ?", page_id);
  for (auto const& one : events) {
    auto const venue_slug = venue_slugs.find(one.venue_tag);
    if (venue_slug == venue_slugs.end() || one.performers.empty()) continue;
    auto const key =
        one.date + '-' + artist_slug(db, one.performers.front()) + '-' + venue_slug->second;
    keys.insert(key);
    db.execute(
        "INSERT INTO sightings (page_id, ordinal, venue_tag, base_key, record, scraped_at) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        page_id, ++ordinal, one.venue_tag, key, vinny::to_record(one), scraped_at);
  }
  std::set<artist_at_venue> touched;
  for (auto const& key : keys) derive(db, key, today, touched);
  return touched;
}

std::vector<stored_event> all_events(database& db, std::vector<std::string> const& venue_tags) {
  std::vector<stored_event> out;
  db.query(
      "SELECT composite_key, record, performers, scraped_at, created_at, updated_at FROM events "
      "ORDER BY composite_key",
      [&](SQLite::Statement& row) {
        auto one = event_of(row);
        if (venue_tags.empty() ||
            std::ranges::find(venue_tags, one.record.venue_tag) != venue_tags.end()) {
          out.push_back(std::move(one));
        }
      });
  return out;
}

std::vector<stored_event> events_of(database& db, artist_at_venue const& who,
                                    std::string const& today) {
  std::vector<stored_event> out;
  db.query(
      "SELECT composite_key, record, performers, scraped_at, created_at, updated_at FROM events "
      "WHERE venue_tag = ? AND artist_slug = ? ORDER BY event_date < ?, event_date, composite_key",
      [&](SQLite::Statement& row) { out.push_back(event_of(row)); }, who.first, who.second, today);
  return out;
}

std::int64_t events_at(database& db, std::vector<std::string> const& venue_tags) {
  std::int64_t out = 0;
  for (auto const& tag : venue_tags) {
    out += db.number("SELECT count(*) FROM events WHERE venue_tag = ?", tag);
  }
  return out;
}

std::int64_t upcoming_on_page(database& db, std::int64_t page_id,
                              std::vector<std::string> const& venue_tags,
                              std::string const& today) {
  std::int64_t out = 0;
  for (auto const& tag : venue_tags) {
    // A base key begins with the date.
    out += db.number(
        "SELECT count(*) FROM sightings WHERE page_id = ? AND venue_tag = ? AND base_key >= ?",
        page_id, tag, today);
  }
  return out;
}

std::int64_t upcoming_elsewhere(database& db, std::vector<std::int64_t> const& pages,
                                std::vector<std::string> const& venue_tags,
                                std::string const& today) {
  std::int64_t out = 0;
  for (auto const& tag : venue_tags) {
    out += db.number("SELECT count(*) FROM sightings WHERE venue_tag = ? AND base_key >= ?", tag,
                     today);
  }
  for (auto const page : pages) out -= upcoming_on_page(db, page, venue_tags, today);
  return out;
}

std::int64_t sightings_at(database& db, std::vector<std::string> const& venue_tags) {
  std::int64_t out = 0;
  for (auto const& tag : venue_tags) {
    out += db.number("SELECT count(*) FROM sightings WHERE venue_tag = ?", tag);
  }
  return out;
}

}  // namespace vinny
