// SPDX-License-Identifier: MIT
#include "events/markup/event_graph.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>

#include "core/text.hpp"

namespace vinny {
namespace {

namespace json = boost::json;

constexpr std::size_t max_events = 2'000;
constexpr std::size_t max_ids = 20'000;

std::string_view view(json::string const& text) {
  return {text.data(), text.size()};
}

std::string_view bare(std::string_view type) {
  type = trim(type);
  return type.substr(type.find_last_of("/#:") + 1);
}

template <class Predicate>
bool any_type(json::object const& object, Predicate fits) {
  auto const* type = object.if_contains("@type");
  if (type == nullptr) type = object.if_contains("type");
  if (type == nullptr) return false;
  if (auto const* const one = type->if_string()) return fits(bare(view(*one)));
  auto const* const list = type->if_array();
  return list != nullptr && std::ranges::any_of(*list, [&](json::value const& v) {
           auto const* const one = v.if_string();
           return one != nullptr && fits(bare(view(*one)));
         });
}

bool ends_with_word(std::string_view text, std::string_view word) noexcept {
  return text.size() >= word.size() && iequals(text.substr(text.size() - word.size()), word);
}

bool is_event(json::object const& object) {
  return any_type(object, is_event_type) ||
         (has_type(object, "EventSeries") && member(object, "startDate") != nullptr);
}

std::string_view id_of(json::object const& object) {
  auto const* const id = object.if_contains("@id");
  auto const* const text = id == nullptr ? nullptr : id->if_string();
  return text == nullptr ? std::string_view{} : view(*text);
}

bool is_reference(json::object const& object) {
  return !id_of(object).empty() && std::ranges::all_of(object, [](auto const& entry) {
    return entry.key() == "@id" || entry.key() == "@type";
  });
}

/// Members that tell of something else than this page's programme.
bool leads_away(std::string_view key) {
  constexpr std::array names{"superEvent",  "performer", "performers", "actor",
                             "location",    "image",     "offers",     "review",
                             "publication", "address",   "organizer"};
  return std::ranges::find(names, key) != names.end();
}

/// Things that have events without being where they happen.
bool is_nowhere(json::object const& object) {
  constexpr std::array names{"Organization",    "Corporation", "Person",  "MusicGroup",
                             "PerformingGroup", "WebSite",     "WebPage", "ItemList"};
  return std::ranges::any_of(names, [&](char const* n) { return has_type(object, n); });
}

}  // namespace

json::value const* member(json::object const& object, std::string_view name) {
  if (auto const* const found = object.if_contains(name)) return found;
  for (auto const& entry : object) {
    auto const key = entry.key();
    std::string_view const text{key.data(), key.size()};
    if (text.size() > name.size() && text.ends_with(name) && text.starts_with("schema:")) {
      if (text.size() == name.size() + 7) return &entry.value();
    }
    if (text.starts_with("http") && bare(text) == name) return &entry.value();
  }
  return nullptr;
}

bool is_event_type(std::string_view type) noexcept {
  return ends_with_word(type, "Event") || ends_with_word(type, "Festival") ||
         iequals(type, "Hackathon") || iequals(type, "CourseInstance");
}

bool has_type(json::object const& object, std::string_view name) {
  return any_type(object, [&](std::string_view type) { return iequals(type, name); });
}

event_graph::event_graph(std::vector<json::value> blocks) : blocks_(std::move(blocks)) {
  for (auto const& block : blocks_) index(block);
  for (auto const& block : blocks_) collect(block, nullptr);
}

json::value const& event_graph::resolve(json::value const& value) const {
  auto const* const object = value.if_object();
  if (object == nullptr || !is_reference(*object)) return value;
  auto const found = by_id_.find(std::string{id_of(*object)});
  return found == by_id_.end() ? value : *found->second;
}

// Recursion is bounded by the depth that the readers of JSON-LD and microdata allow.
void event_graph::index(json::value const& value) {
  if (auto const* const list = value.if_array()) {
    for (auto const& one : *list) index(one);
  } else if (auto const* const object = value.if_object()) {
    auto const id = id_of(*object);
    if (!id.empty() && !is_reference(*object) && by_id_.size() < max_ids) {
      by_id_.try_emplace(std::string{id}, &value);
    }
    for (auto const& entry : *object) index(entry.value());
  }
}

void event_graph::collect(json::value const& value, json::value const* place) {
  if (auto const* const list = value.if_array()) {
    for (auto const& one : *list) collect(one, place);
    return;
  }
  auto const* const object = value.if_object();
  if (object == nullptr || is_reference(*object)) return;
  bool const event = is_event(*object);
  if (event && events_.size() < max_events) events_.push_back({object, place});
  auto const* inner = place;
  if (event) {
    auto const* const own = member(*object, "location");
    inner = own != nullptr ? own : place;
  } else if (member(*object, "name") != nullptr && !is_nowhere(*object)) {
    inner = &value;
  }
  for (auto const& entry : *object) {
    auto const key = entry.key();
    std::string_view const name = bare({key.data(), key.size()});
    if (leads_away(name)) continue;
    bool const here =
        name == "event" || name == "events" || name == "subEvent" || name == "subEvents";
    collect(entry.value(), here ? inner : nullptr);
  }
}

}  // namespace vinny
