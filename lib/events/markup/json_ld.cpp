// SPDX-License-Identifier: MIT
#include "events/markup/json_ld.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/text.hpp"
#include "events/markup/event_graph.hpp"
#include "events/markup/lenient_json.hpp"

namespace vinny {
namespace {

constexpr std::size_t max_blocks = 500;

bool is_json_ld(html_node node) {
  if (node.tag() != "script") return false;
  auto const type = node.attribute("type");
  return iequals(trim(type.substr(0, type.find(';'))), "application/ld+json");
}

constexpr std::string_view json_space = " \t\r\n";
constexpr std::size_t max_types = 1'000;  // bytes of one list of types

/// A key stands alone: "additionalType" and "event_type" are others.
bool is_key(std::string_view text, std::size_t at) {
  return at == 0 || std::string_view{"@\"' \t\r\n{,"}.find(text[at - 1]) != std::string_view::npos;
}

bool is_json_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The text of the value behind a key that ends at `at`: a string, a list or a bare word, as far
/// as it is there; "" when no value follows.
std::string_view value_behind(std::string_view text, std::size_t at) {
  auto const colon = text.find_first_not_of("\"' \t\r\n", at);
  if (colon == std::string_view::npos || text[colon] != ':') return {};
  auto const begin = text.find_first_not_of(json_space, colon + 1);
  if (begin == std::string_view::npos) return {};
  std::string_view const first = text.substr(begin, 1);
  auto const inside = first.find_first_of("\"'[") == std::string_view::npos ? begin : begin + 1;
  auto const ends = first == "[" ? "]{}" : inside == begin ? ",{}[] \t\r\n" : first;
  auto const value = text.substr(inside, max_types);
  return value.substr(0, value.find_first_of(ends));
}

/// True when text that cannot be parsed gives something the type of an event, or a start.
bool names_event(std::string_view block) {
  if (block.find("Event") != std::string_view::npos &&
      block.find("startDate") != std::string_view::npos) {
    return true;
  }
  auto text = decode_entities(block);
  std::erase(text, '\\');
  std::string_view const all = text;
  constexpr std::string_view key = "type";
  for (auto at = all.find(key); at != std::string_view::npos; at = all.find(key, at + 1)) {
    if (!is_key(all, at)) continue;
    auto types = value_behind(all, at + key.size());
    while (!types.empty()) {
      auto const begin = std::ranges::find_if(types, is_json_letter);
      auto const end = std::find_if_not(begin, types.end(), is_json_letter);
      std::string_view const word{begin, end};
      if (is_event_type(word) || iequals(word, "EventSeries")) return true;
      types = {end, types.end()};
    }
  }
  return false;
}

}  // namespace

linked_data read_json_ld(html_node page) {
  linked_data data;
  int number = 0;
  for (auto const script : page.find_all(is_json_ld)) {
    ++number;
    auto const text = script.script_text();
    std::string rest;
    auto parsed = parse_lenient_json(text, &rest);
    if (!parsed) {
      if (names_event(text)) {
        data.problems.push_back(
            fmt::format("JSON-LD block {} cannot be parsed: {}", number, parsed.error().message));
      }
      continue;
    }
    if (names_event(rest)) {
      data.problems.push_back(fmt::format("JSON-LD block {} cannot be parsed to its end", number));
    }
    for (auto& value : *parsed) {
      if (data.blocks.size() < max_blocks) data.blocks.push_back(std::move(value));
    }
  }
  return data;
}

}  // namespace vinny
