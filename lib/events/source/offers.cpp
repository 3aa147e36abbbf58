// SPDX-License-Identifier: MIT
#include <boost/json/array.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/text.hpp"
#include "events/markup/bounds.hpp"
#include "events/source/schema_event.hpp"

namespace vinny {
namespace {

namespace json = boost::json;

constexpr std::size_t max_tiers = 100;
constexpr double max_price = 10'000'000;

std::optional<bool> read_availability(std::string_view text) {
  for (auto const* word : {"SoldOut", "OutOfStock", "Discontinued", "Sold Out", "Unavailable"}) {
    if (icontains(text, word)) return false;
  }
  for (auto const* word : {"InStock", "LimitedAvailability", "PreOrder", "PreSale", "OnlineOnly"}) {
    if (icontains(text, word)) return true;
  }
  return {};
}

std::optional<double> offer_price(event_graph const& graph, json::object const& offer) {
  for (auto const* name : {"price", "lowPrice"}) {
    if (auto const* const value = member(offer, name)) {
      if (auto const price = read_price(*value)) return price;
    }
  }
  auto const* specification = member(offer, "priceSpecification");
  if (specification == nullptr) return {};
  specification = &graph.resolve(*specification);
  if (auto const* const list = specification->if_array()) {
    if (list->empty()) return {};
    specification = &list->front();
  }
  auto const* const object = specification->if_object();
  auto const* value = object == nullptr ? nullptr : member(*object, "price");
  if (value == nullptr && object != nullptr) value = member(*object, "minPrice");
  return value == nullptr ? std::nullopt : read_price(*value);
}

std::optional<int> count_of(json::value const& value) {
  auto const number = read_price(value);
  if (!number || *number < 1 || *number > max_guests) return {};
  return static_cast<int>(*number);
}

std::optional<int> offer_guests(json::object const& offer, std::string_view name) {
  if (auto const* const quantity = member(offer, "eligibleQuantity")) {
    if (auto const* const object = quantity->if_object()) {
      for (auto const* part : {"maxValue", "value"}) {
        if (auto const* const value = member(*object, part)) {
          if (auto const count = count_of(*value)) return count;
        }
      }
    } else if (auto const count = count_of(*quantity)) {
      return count;
    }
  }
  if (auto const* const guests = member(offer, "guests")) {
    if (auto const count = count_of(*guests)) return count;
  }
  if (auto const count = read_guests(name)) return count;
  auto const* const description = member(offer, "description");
  return description == nullptr ? std::nullopt : read_guests(plain_text_of(*description, 2'000));
}

void collect(event_graph const& graph, json::value const& given, std::vector<table_tier>& out,
             int depth) {
  auto const& value = graph.resolve(given);
  if (auto const* const list = value.if_array()) {
    for (auto const& one : *list) {
      if (depth < 4) collect(graph, one, out, depth + 1);
    }
    return;
  }
  auto const* const offer = value.if_object();
  if (offer == nullptr || out.size() >= max_tiers) return;
  if (auto const* const nested = member(*offer, "offers"); nested != nullptr && depth < 4) {
    collect(graph, *nested, out, depth + 1);
    return;
  }
  table_tier tier;
  if (auto const* const name = member(*offer, "name")) tier.name = plain_text_of(*name, 200);
  auto const same = [&](table_tier const& t) { return iequals(t.name, tier.name); };
  if (tier.name.empty() || std::ranges::any_of(out, same)) return;
  tier.price = offer_price(graph, *offer);
  tier.guests = offer_guests(*offer, tier.name);
  if (auto const* const availability = member(*offer, "availability")) {
    auto const* const object = availability->if_object();
    auto const* const id = object == nullptr ? nullptr : object->if_contains("@id");
    tier.available = read_availability(text_of(id == nullptr ? *availability : *id));
  }
  out.push_back(std::move(tier));
}

}  // namespace

std::optional<double> read_price(json::value const& value) {
  auto const text = text_of(value);
  auto const begin = text.find_first_of("0123456789");
  if (begin == std::string::npos || (begin > 0 && text[begin - 1] == '-')) return {};
  std::string digits;
  for (auto const c : std::string_view{text}.substr(begin)) {
    if ((c >= '0' && c <= '9') || (c == '.' && digits.find('.') == std::string::npos)) {
      digits += c;
    } else if (c != ',') {
      break;
    }
  }
  double number = 0;
  auto const* const last = digits.data() + digits.size();
  auto const [end, error] = std::from_chars(digits.data(), last, number);
  if (error != std::errc{} || !std::isfinite(number) || number > max_price) return {};
  return number;
}

std::optional<int> read_guests(std::string_view text) {
  auto const lower = to_lower(text);
  for (auto const* word : {"guest", "people", "person", "ppl", "pax"}) {
    auto at = lower.find(word);
    if (at == std::string::npos) continue;
    while (at > 0 && (lower[at - 1] == ' ' || lower[at - 1] == '-')) --at;
    auto begin = at;
    while (begin > 0 && lower[begin - 1] >= '0' && lower[begin - 1] <= '9') --begin;
    int count = 0;
    auto const parsed = std::from_chars(lower.data() + begin, lower.data() + at, count);
    if (parsed.ec == std::errc{} && count >= 1 && count <= max_guests) return count;
  }
  return {};
}

std::vector<table_tier> read_offers(event_graph const& graph, json::value const& offers) {
  std::vector<table_tier> out;
  collect(graph, offers, out, 0);
  return out;
}

}  // namespace vinny
