// SPDX-License-Identifier: MIT
#include "source/venue/json_ld.hpp"

#include <fmt/format.h>

#include <utility>

#include "core/text.hpp"
#include "source/venue/lenient_json.hpp"

namespace vinny {
namespace {

constexpr std::size_t max_blocks = 500;

bool is_json_ld(html_node node) {
  if (node.tag() != "script") return false;
  auto const type = node.attribute("type");
  return iequals(trim(type.substr(0, type.find(';'))), "application/ld+json");
}

bool looks_like_event(std::string_view text) {
  return text.find("Event") != std::string_view::npos &&
         text.find("startDate") != std::string_view::npos;
}

}  // namespace

linked_data read_json_ld(html_node page) {
  linked_data data;
  int number = 0;
  for (auto const script : page.find_all(is_json_ld)) {
    ++number;
    auto const text = script.script_text();
    auto parsed = parse_lenient_json(text);
    if (!parsed) {
      if (looks_like_event(text)) {
        data.problems.push_back(
            fmt::format("JSON-LD block {} cannot be parsed: {}", number, parsed.error().message));
      }
      continue;
    }
    for (auto& value : *parsed) {
      if (data.blocks.size() < max_blocks) data.blocks.push_back(std::move(value));
    }
  }
  return data;
}

}  // namespace vinny
