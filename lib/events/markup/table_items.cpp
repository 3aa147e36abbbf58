// SPDX-License-Identifier: MIT
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <array>

#include "core/text.hpp"
#include "events/markup/bounds.hpp"
#include "events/markup/lenient_json.hpp"
#include "events/markup/urvenue.hpp"
#include "events/source/schema_event.hpp"

namespace vinny {
namespace {

namespace json = boost::json;

constexpr std::string_view variable = "uv_tablesitems";
constexpr std::size_t max_table_items = 200;

template <std::size_t N>
json::value const* any_member(json::object const& item, std::array<std::string_view, N> names) {
  for (auto const name : names) {
    for (auto const& entry : item) {
      if (iequals({entry.key().data(), entry.key().size()}, name) && !entry.value().is_null()) {
        return &entry.value();
      }
    }
  }
  return nullptr;
}

constexpr std::array<std::string_view, 7> names{"name",      "item_name", "itemname", "title",
                                                "tablename", "tier",      "label"};
constexpr std::array<std::string_view, 8> prices{
    "price", "min_spend", "minspend", "minimum_spend", "minimum", "min", "minprice", "amount"};
constexpr std::array<std::string_view, 7> guest_names{
    "guests", "max_guests", "maxguests", "capacity", "guestcount", "guest_count", "nguests"};
constexpr std::array<std::string_view, 3> states{"available", "availability", "status"};
constexpr std::array<std::string_view, 3> sold{"soldout", "sold_out", "issoldout"};

std::optional<bool> truth(json::value const& value) {
  if (value.is_bool()) return value.get_bool();
  if (value.is_int64()) return value.get_int64() > 0;
  auto const text = to_lower(text_of(value));
  for (auto const* word :
       {"sold", "out of stock", "outofstock", "unavailable", "inactive", "closed"}) {
    if (text.find(word) != std::string::npos) return false;
  }
  for (auto const* word : {"0", "false", "no", "n"}) {
    if (text == word) return false;
  }
  for (auto const* word : {"1", "true", "yes", "y", "available", "active", "open", "instock"}) {
    if (text == word) return true;
  }
  return {};
}

std::optional<table_tier> read_item(json::object const& item) {
  auto const* const name = any_member(item, names);
  auto const* const price = any_member(item, prices);
  auto const* const guests = any_member(item, guest_names);
  auto const* const state = any_member(item, states);
  if (name == nullptr || (price == nullptr && guests == nullptr && state == nullptr)) return {};
  table_tier tier;
  tier.name = plain_text_of(*name, 200);
  if (tier.name.empty()) return {};
  if (price != nullptr) tier.price = read_price(*price);
  auto const count = guests == nullptr ? std::nullopt : read_price(*guests);
  if (count && *count >= 1 && *count <= max_guests) tier.guests = static_cast<int>(*count);
  if (!tier.guests) tier.guests = read_guests(tier.name);
  if (state != nullptr) tier.available = truth(*state);
  if (auto const* const out = any_member(item, sold)) {
    if (auto const gone = truth(*out)) tier.available = !*gone;
  }
  return tier;
}

// Recursion is bounded by the depth that the parser allows.
void collect(json::value const& value, std::vector<table_tier>& out) {
  if (out.size() >= max_table_items) return;
  if (auto const* const list = value.if_array()) {
    for (auto const& one : *list) collect(one, out);
  } else if (auto const* const object = value.if_object()) {
    if (auto tier = read_item(*object)) {
      auto const same = [&](table_tier const& t) { return iequals(t.name, tier->name); };
      if (std::ranges::none_of(out, same)) out.push_back(std::move(*tier));
      return;
    }
    for (auto const& entry : *object) collect(entry.value(), out);
  }
}

/// The JavaScript string that begins at `from`, unescaped: the argument of JSON.parse.
std::string in_quotes(std::string_view script, std::size_t from) {
  char const quote = script[from];
  std::string out;
  for (auto at = from + 1; at < script.size() && script[at] != quote; ++at) {
    if (script[at] == '\\' && at + 1 < script.size()) ++at;
    out += script[at];
  }
  return out;
}

/// The literal that is assigned behind the variable's name, or "".
std::string literal(std::string_view script, std::size_t at) {
  constexpr std::string_view space = " \t\r\n";
  auto const skip = [&](std::string_view marks) {
    at = std::min(script.find_first_not_of(marks, at), script.size());
  };
  skip("\"'] \t\r\n");
  if (at >= script.size() || (script[at] != '=' && script[at] != ':')) return {};
  ++at;
  skip(space);
  if (script.substr(at).starts_with("JSON.parse(")) {
    at += 11;
    skip(space);
  }
  if (at >= script.size()) return {};
  if (script[at] == '"' || script[at] == '\'') return in_quotes(script, at);
  if (script[at] != '[' && script[at] != '{') return {};
  return std::string{balanced_json(script, at)};
}

}  // namespace

std::vector<table_tier> read_table_items(html_node page) {
  std::vector<table_tier> out;
  for (auto const node : page.find_all([](html_node n) { return n.tag() == "script"; })) {
    auto const script = node.script_text();
    if (script.size() > max_json_bytes) continue;
    int uses = 0;
    for (auto at = script.find(variable); at != std::string::npos && ++uses <= 8;
         at = script.find(variable, at + 1)) {
      auto const text = literal(script, at + variable.size());
      if (text.empty()) continue;
      auto const parsed = parse_lenient_json(text);
      if (!parsed) continue;
      for (auto const& value : *parsed) collect(value, out);
    }
  }
  return out;
}

}  // namespace vinny
