// SPDX-License-Identifier: MIT
#include "events/publish/rows.hpp"

#include <algorithm>
#include <set>

#include "core/digest.hpp"

namespace vinny {
namespace {

cell text_or_null(std::string const& text) {
  return text.empty() ? cell{} : cell{text};
}

template <class T>
cell value_or_null(std::optional<T> const& value) {
  if (!value) return {};
  if constexpr (std::is_same_v<T, double>) {
    return *value;
  } else {
    return static_cast<std::int64_t>(*value);
  }
}

}  // namespace

std::string public_address(std::string const& public_url, rendition_row const& what) {
  auto out = public_address(public_url, what.id.key());
  return what.versioned ? out + "?v=" + what.sha256.substr(0, 8) : out;
}

image_index::image_index(std::span<rendition_row const> renditions, size_list const& sizes,
                         std::string const& public_url) {
  auto const pixels_of = [&](std::string const& label) {
    auto const it = std::ranges::find(sizes, label, &size_list::value_type::first);
    return it == sizes.end() ? 0U : it->second;
  };
  for (auto const& one : renditions) {
    if (!one.stored) continue;
    auto& best = best_[{one.id.artist_slug, one.id.venue_tag}];
    if (best.address.empty() || pixels_of(one.id.size) > best.pixels) {
      best = {pixels_of(one.id.size), public_address(public_url, one)};
    }
  }
}

std::string image_index::at_venue(std::string const& slug, std::string const& tag) const {
  auto const it = best_.find({slug, tag});
  return it == best_.end() ? std::string{} : it->second.address;
}

std::string image_index::anywhere(std::string const& slug) const {
  auto const it = best_.lower_bound({slug, {}});
  return it == best_.end() || it->first.first != slug ? std::string{} : it->second.address;
}

std::string venue_name(std::span<venue const> venues, std::string const& tag) {
  auto const it = std::ranges::find(venues, tag, &venue::tag);
  return it == venues.end() ? tag : it->name;
}

std::string venue_id(std::span<venue const> venues, std::string const& tag) {
  auto const it = std::ranges::find(venues, tag, &venue::tag);
  return it == venues.end() ? tag : it->id();
}

std::vector<row> published_rows(published_facts const& facts, std::span<venue const> venues,
                                size_list const& sizes, std::string const& public_url) {
  image_index const images{facts.renditions, sizes, public_url};
  std::vector<row> out;
  std::set<std::string> artists;
  for (auto const& one : facts.events) {
    for (auto const& who : one.performers) artists.insert(who.slug);
  }
  for (auto const& slug : artists) {
    auto const name = facts.artist_names.find(slug);
    out.push_back({table_id::artists,
                   {uuid_v5(slug), slug, name == facts.artist_names.end() ? slug : name->second,
                    cell{}, text_or_null(images.anywhere(slug))}});
  }
  for (auto const& one : facts.events) {
    auto const& record = one.record;
    auto const id = uuid_v5(one.composite_key);
    auto const& headliner = one.performers.front();
    auto const place = venue_id(venues, record.venue_tag);
    out.push_back(
        {table_id::events,
         {id, one.composite_key, text_or_null(record.title), text_or_null(record.description),
          record.date, text_or_null(record.time), text_or_null(record.starts_at),
          venue_name(venues, record.venue_tag), place, record.venue_tag, record.url, headliner.name,
          headliner.slug, text_or_null(images.at_venue(headliner.slug, record.venue_tag)),
          std::string{name(record.status)}, one.scraped_at, one.created_at, one.updated_at}});
    std::int64_t order = 0;
    for (auto const& who : one.performers) {
      out.push_back(
          {table_id::event_artists,
           {id, uuid_v5(who.slug), order, std::string{order == 0 ? "headliner" : "support"}}});
      ++order;
    }
    std::set<std::string> tiers;
    for (auto const& tier : record.tiers) {
      if (!tiers.insert(tier.name).second) continue;
      out.push_back({table_id::table_tiers,
                     {id, place, tier.name, value_or_null(tier.price), value_or_null(tier.guests),
                      value_or_null(tier.available)}});
    }
  }
  for (auto const& one : facts.renditions) {
    if (!one.stored || !artists.contains(one.id.artist_slug)) continue;
    out.push_back({table_id::images,
                   {uuid_v5(one.id.artist_slug), one.id.venue_tag, one.id.size,
                    public_address(public_url, one), std::string{"image/jpeg"},
                    static_cast<std::int64_t>(one.width), static_cast<std::int64_t>(one.height),
                    one.bytes, one.sha256}});
  }
  return out;
}

published_facts facts_of(database& db) {
  constexpr std::size_t chunk = 5000;
  published_facts out;
  out.events = all_events(db);
  db.query("SELECT slug, name FROM artists", [&](SQLite::Statement& row) {
    out.artist_names[row.getColumn(0).getString()] = row.getColumn(1).getString();
  });
  rendition_id after;
  for (;;) {
    auto rows = made_renditions(db, after, chunk);
    if (rows.empty()) return out;
    after = rows.back().id;
    std::ranges::move(rows, std::back_inserter(out.renditions));
  }
}

}  // namespace vinny
