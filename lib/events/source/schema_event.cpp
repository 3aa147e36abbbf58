// SPDX-License-Identifier: MIT
#include "events/source/schema_event.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>

#include <algorithm>

#include "core/text.hpp"
#include "events/markup/bounds.hpp"

namespace vinny {
namespace {

namespace json = boost::json;

constexpr std::size_t max_list = 64;

/// Calls `use` for the value, or for each of an array's, references resolved.
template <class Use>
void each(event_graph const& graph, json::value const* value, Use use) {
  if (value == nullptr) return;
  auto const& v = graph.resolve(*value);
  if (auto const* const list = v.if_array()) {
    std::size_t count = 0;
    for (auto const& one : *list) {
      if (++count > max_list) return;
      use(graph.resolve(one));
    }
  } else {
    use(v);
  }
}

std::string plain(json::object const& object, std::string_view name, std::size_t bytes) {
  auto const* const value = member(object, name);
  return value == nullptr ? std::string{} : plain_text_of(*value, bytes);
}

std::string url_text(json::value const& value) {
  if (auto const* const object = value.if_object()) {
    for (auto const* name : {"url", "contentUrl", "@id"}) {
      if (auto const* const inner = member(*object, name)) {
        if (inner->is_object()) continue;
        if (auto text = text_of(*inner); !text.empty()) return decode_entities(text);
      }
    }
    return {};
  }
  return decode_entities(text_of(value));
}

void read_address(json::value const& value, raw_event& out) {
  auto const* const object = value.if_object();
  if (object == nullptr) {
    out.address = plain_text_of(value, max_name);
    return;
  }
  for (auto const* name : {"name", "streetAddress", "addressLocality", "addressRegion"}) {
    auto const part = plain(*object, name, max_name);
    if (!part.empty()) out.address += (out.address.empty() ? "" : ", ") + part;
  }
  out.locality = plain(*object, "addressLocality", max_name);
  out.region = plain(*object, "addressRegion", max_name);
}

/// Takes the first place that is one: a stream beside a room is not where an event is.
void read_location(event_graph const& graph, json::value const* value, raw_event& out) {
  bool taken = false;
  each(graph, value, [&](json::value const& one) {
    if (taken) return;
    auto const* const object = one.if_object();
    if (object == nullptr) {
      out.place = plain_text_of(one, max_name);
      taken = !out.place.empty();
      return;
    }
    if (has_type(*object, "VirtualLocation")) return;
    out.place = plain(*object, "name", max_name);
    if (has_type(*object, "PostalAddress")) {
      read_address(one, out);
    } else if (auto const* const address = member(*object, "address")) {
      each(graph, address, [&](json::value const& a) {
        if (out.address.empty()) read_address(a, out);
      });
    }
    taken = !out.place.empty() || !out.address.empty();
  });
}

void read_performers(event_graph const& graph, json::object const& event, raw_event& out) {
  for (auto const* name : {"performer", "performers", "actor"}) {
    each(graph, member(event, name), [&](json::value const& one) {
      auto text = plain_text_of(one, max_name);
      if (!text.empty()) out.performers.push_back(std::move(text));
    });
  }
}

}  // namespace

std::string text_of(json::value const& value) {
  if (auto const* const text = value.if_string()) {
    return std::string{trim({text->data(), text->size()})};
  }
  if (value.is_int64()) return fmt::format("{}", value.get_int64());
  if (value.is_uint64()) return fmt::format("{}", value.get_uint64());
  if (value.is_double()) return fmt::format("{}", value.get_double());
  if (auto const* const list = value.if_array()) {
    for (auto const& one : *list) {
      if (auto text = text_of(one); !text.empty()) return text;
    }
  }
  if (auto const* const object = value.if_object()) {
    for (auto const* name : {"@value", "name", "en"}) {
      auto const* const inner = member(*object, name);
      if (inner == nullptr) continue;
      if (auto text = text_of(*inner); !text.empty()) return text;
    }
  }
  return {};
}

std::string plain_text_of(json::value const& value, std::size_t bytes) {
  auto const text = text_of(value);
  return std::string{trim(clip(plain_text(clip(text, bytes * 4)), bytes))};
}

event_status read_event_status(std::string_view text) {
  if (icontains(text, "cancel")) return event_status::cancelled;
  if (icontains(text, "postpone")) return event_status::postponed;
  if (icontains(text, "reschedul")) return event_status::rescheduled;
  if (icontains(text, "movedonline")) return event_status::moved_online;
  return event_status::scheduled;
}

raw_event read_schema_event(event_graph const& graph, event_graph::found_event const& found,
                            event_source source) {
  auto const& event = *found.event;
  raw_event out;
  out.source = source;
  out.name = plain(event, "name", max_name);
  if (auto const* const start = member(event, "startDate")) out.start = text_of(*start);
  out.description = plain(event, "description", max_description);
  if (auto const* const url = member(event, "url")) out.url = url_text(graph.resolve(*url));
  std::string status;
  each(graph, member(event, "eventStatus"), [&](json::value const& one) {
    auto const* const object = one.if_object();
    auto const* const id = object == nullptr ? nullptr : object->if_contains("@id");
    status += text_of(id == nullptr ? one : *id) + ' ';
  });
  out.status = read_event_status(status);
  auto const* const location = member(event, "location");
  read_location(graph, location != nullptr ? location : found.place, out);
  read_performers(graph, event, out);
  for (auto const* name : {"image", "photo", "thumbnailUrl"}) {
    if (!out.images.empty()) break;
    each(graph, member(event, name), [&](json::value const& one) {
      auto text = url_text(one);
      if (!text.empty()) out.images.push_back(std::move(text));
    });
  }
  if (auto const* const offers = member(event, "offers")) out.tiers = read_offers(graph, *offers);
  return out;
}

}  // namespace vinny
