// SPDX-License-Identifier: MIT
#include "events/tables/records.hpp"

#include <boost/json.hpp>

namespace vinny {
namespace {

namespace json = boost::json;

json::array array_of(std::vector<std::string> const& values) {
  json::array out;
  for (auto const& one : values) out.emplace_back(one);
  return out;
}

json::object object_of(table_tier const& tier) {
  json::object out;
  out["name"] = tier.name;
  if (tier.price) out["price"] = *tier.price;
  if (tier.guests) out["guests"] = *tier.guests;
  if (tier.available) out["available"] = *tier.available;
  return out;
}

std::string text_of(json::object const& from, std::string_view key) {
  auto const* const value = from.if_contains(key);
  return value != nullptr && value->is_string() ? std::string{value->get_string()} : std::string{};
}

std::vector<std::string> strings_of(json::value const* from) {
  std::vector<std::string> out;
  if (from == nullptr || !from->is_array()) return out;
  for (auto const& one : from->get_array()) {
    if (one.is_string()) out.emplace_back(one.get_string());
  }
  return out;
}

table_tier tier_of(json::object const& from) {
  table_tier out{.name = text_of(from, "name"), .price = {}, .guests = {}, .available = {}};
  if (auto const* v = from.if_contains("price"); v != nullptr && v->is_number()) {
    out.price = v->to_number<double>();
  }
  if (auto const* v = from.if_contains("guests"); v != nullptr && v->is_int64()) {
    out.guests = static_cast<int>(v->get_int64());
  }
  if (auto const* v = from.if_contains("available"); v != nullptr && v->is_bool()) {
    out.available = v->get_bool();
  }
  return out;
}

}  // namespace

std::string to_record(event const& value) {
  json::object out;
  out["venue_tag"] = value.venue_tag;
  out["date"] = value.date;
  out["time"] = value.time;
  out["starts_at"] = value.starts_at;
  out["title"] = value.title;
  out["description"] = value.description;
  out["url"] = value.url;
  out["external_id"] = value.external_id;
  out["status"] = name(value.status);
  out["performers"] = array_of(value.performers);
  out["images"] = array_of(value.images);
  json::array tiers;
  for (auto const& tier : value.tiers) tiers.push_back(object_of(tier));
  out["tiers"] = std::move(tiers);
  out["source"] = static_cast<int>(value.source);
  return json::serialize(out);
}

event event_from_record(std::string_view record) {
  boost::system::error_code error;
  auto const parsed = json::parse(record, error);
  event out;
  if (error || !parsed.is_object()) return out;
  auto const& from = parsed.get_object();
  out.venue_tag = text_of(from, "venue_tag");
  out.date = text_of(from, "date");
  out.time = text_of(from, "time");
  out.starts_at = text_of(from, "starts_at");
  out.title = text_of(from, "title");
  out.description = text_of(from, "description");
  out.url = text_of(from, "url");
  out.external_id = text_of(from, "external_id");
  out.status = event_status_from_name(text_of(from, "status"));
  out.performers = strings_of(from.if_contains("performers"));
  out.images = strings_of(from.if_contains("images"));
  if (auto const* tiers = from.if_contains("tiers"); tiers != nullptr && tiers->is_array()) {
    for (auto const& tier : tiers->get_array()) {
      if (tier.is_object()) out.tiers.push_back(tier_of(tier.get_object()));
    }
  }
  if (auto const* v = from.if_contains("source"); v != nullptr && v->is_int64()) {
    out.source = static_cast<event_source>(v->get_int64());
  }
  return out;
}

std::string to_record(std::vector<std::string> const& values) {
  return json::serialize(array_of(values));
}

std::vector<std::string> strings_from_record(std::string_view record) {
  boost::system::error_code error;
  auto const parsed = json::parse(record, error);
  return error ? std::vector<std::string>{} : strings_of(&parsed);
}

}  // namespace vinny
