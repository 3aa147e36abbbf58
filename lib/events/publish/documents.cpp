// SPDX-License-Identifier: MIT
#include "events/publish/documents.hpp"

#include <boost/json.hpp>

#include "core/digest.hpp"

namespace vinny {
namespace {

namespace json = boost::json;

json::value json_text_or_null(std::string const& text) {
  return text.empty() ? json::value{} : json::value(text);
}

json::object object_of(table_tier const& tier) {
  json::object out;
  out["tier"] = tier.name;
  out["price"] = tier.price ? json::value(*tier.price) : json::value{};
  out["guests"] = tier.guests ? json::value(*tier.guests) : json::value{};
  out["available"] = tier.available ? json::value(*tier.available) : json::value{};
  return out;
}

json::object object_of(stored_event const& one, std::span<venue const> venues,
                       image_index const& images) {
  auto const& record = one.record;
  json::object out;
  out["composite_key"] = one.composite_key;
  out["id"] = uuid_v5(one.composite_key);
  out["title"] = record.title;
  out["description"] = json_text_or_null(record.description);
  out["event_date"] = record.date;
  out["event_time"] = json_text_or_null(record.time);
  out["starts_at"] = json_text_or_null(record.starts_at);
  out["venue"] = venue_name(venues, record.venue_tag);
  out["venue_id"] = venue_id(venues, record.venue_tag);
  out["venue_tag"] = record.venue_tag;
  out["url"] = record.url;
  out["external_id"] = json_text_or_null(record.external_id);
  out["status"] = name(record.status);
  json::array performers;
  for (auto const& who : one.performers) {
    performers.push_back({{"name", who.name},
                          {"slug", who.slug},
                          {"role", performers.empty() ? "headliner" : "support"}});
  }
  out["image_url"] =
      json_text_or_null(images.at_venue(one.performers.front().slug, record.venue_tag));
  out["performers"] = std::move(performers);
  out["images"] = json::array(record.images.begin(), record.images.end());
  json::array tiers;
  for (auto const& tier : record.tiers) tiers.push_back(object_of(tier));
  out["tiers"] = std::move(tiers);
  out["scraped_at"] = one.scraped_at;
  return out;
}

}  // namespace

std::string events_document(published_facts const& facts, std::span<venue const> venues,
                            size_list const& sizes, std::string const& public_url) {
  image_index const images{facts.renditions, sizes, public_url};
  std::string out = "[";
  for (auto const& one : facts.events) {
    out += out.size() > 1 ? ",\n" : "\n";
    out += json::serialize(object_of(one, venues, images));
  }
  return out + "\n]\n";
}

std::string manifest_document(std::span<rendition_row const> renditions) {
  std::string out = "{\"version\":1,\"images\":{";
  bool first = true;
  for (auto const& one : renditions) {
    json::object entry;
    entry["path"] = one.id.key();
    entry["source_url"] = one.url;
    entry["source_type"] = one.source_mime;
    entry["width"] = one.width;
    entry["height"] = one.height;
    entry["bytes"] = one.bytes;
    entry["sha256"] = one.sha256;
    out += first ? "\n" : ",\n";
    first = false;
    out += json::serialize(
        json::value(one.id.venue_tag + '/' + one.id.artist_slug + '/' + one.id.size));
    out += ':';
    out += json::serialize(entry);
  }
  return out + "\n}}\n";
}

}  // namespace vinny
