// SPDX-License-Identifier: MIT
#include "events/publish/row.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "core/digest.hpp"
#include "core/text.hpp"

namespace vinny {
namespace {

using column = std::string_view;
using index = std::size_t;

constexpr std::array artists_columns{column{"id"}, column{"slug"}, column{"name"}, column{"bio"},
                                     column{"image"}};
constexpr std::array events_columns{
    column{"id"},          column{"composite_key"},    column{"title"},     column{"description"},
    column{"event_date"},  column{"event_time"},       column{"starts_at"}, column{"venue"},
    column{"venue_id"},    column{"venue_tag"},        column{"url"},       column{"artist_name"},
    column{"artist_slug"}, column{"artist_image_url"}, column{"status"},    column{"scraped_at"},
    column{"created_at"},  column{"updated_at"}};
constexpr std::array event_artists_columns{column{"event_id"}, column{"artist_id"},
                                           column{"sort_order"}, column{"role"}};
constexpr std::array images_columns{column{"artist_id"}, column{"venue_tag"}, column{"size"},
                                    column{"r2_url"},    column{"mime_type"}, column{"width"},
                                    column{"height"},    column{"bytes"},     column{"sha256"}};
constexpr std::array table_tiers_columns{column{"event_id"}, column{"venue_id"},
                                         column{"tier"},     column{"price"},
                                         column{"guests"},   column{"available"}};

constexpr std::array first_one{index{0}};
constexpr std::array first_two{index{0}, index{1}};
constexpr std::array first_three{index{0}, index{1}, index{2}};
constexpr std::array tier_key{index{0}, index{2}};
constexpr std::array events_kept{index{16}};
constexpr std::array events_clock{index{15}, index{16}, index{17}};

constexpr std::array<table_schema, 5> schemas{{
    {"artists", artists_columns, first_one, {}, {}},
    {"events", events_columns, first_one, events_kept, events_clock},
    {"event_artists", event_artists_columns, first_two, {}, {}},
    {"images", images_columns, first_three, {}, {}},
    {"table_tiers", table_tiers_columns, tier_key, {}, {}},
}};

/// Type and length stand before each value, so that no two rows have one text.
std::string tagged(cell const& value) {
  if (auto const* i = std::get_if<std::int64_t>(&value)) return fmt::format("i{};", *i);
  if (auto const* d = std::get_if<double>(&value); d != nullptr && !std::isnan(*d)) {
    return fmt::format("d{};", *d == 0 ? 0.0 : *d);
  }
  if (auto const* s = std::get_if<std::string>(&value))
    return fmt::format("s{}:{};", s->size(), *s);
  return "n;";
}

std::string plain(cell const& value) {
  if (auto const* i = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *i);
  if (auto const* d = std::get_if<double>(&value)) return fmt::format("{}", *d);
  if (auto const* s = std::get_if<std::string>(&value)) return valid_utf8(*s);
  return {};
}

bool is_escaped(char c) noexcept {
  auto const u = static_cast<unsigned char>(c);
  return c == '/' || c == '%' || u < 0x20 || u == 0x7f;
}

std::optional<std::string> unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    unsigned value = 0;
    if (text.size() - i < 3) return std::nullopt;
    auto const* const end = text.data() + i + 3;
    if (std::from_chars(text.data() + i + 1, end, value, 16).ptr != end) return std::nullopt;
    out += static_cast<char>(value);
    i += 2;
  }
  return out;
}

}  // namespace

bool has(std::span<std::size_t const> list, std::size_t i) noexcept {
  return std::ranges::find(list, i) != list.end();
}

std::size_t table_schema::index_of(std::string_view wanted) const noexcept {
  return static_cast<std::size_t>(std::ranges::find(columns, wanted) - columns.begin());
}

table_schema const& schema(table_id table) noexcept {
  return schemas[static_cast<std::size_t>(table)];
}

std::vector<cell> key_cells(row const& value) {
  std::vector<cell> out;
  for (std::size_t const at : schema(value.table).key) {
    out.push_back(at < value.cells.size() ? value.cells[at] : cell{});
  }
  return out;
}

std::string key_of(row const& value) {
  std::string out{schema(value.table).name};
  for (cell const& part : key_cells(value)) {
    out += '/';
    for (char const c : plain(part)) {
      if (is_escaped(c)) {
        out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
      } else {
        out += c;
      }
    }
  }
  return out;
}

std::optional<row> row_of_key(std::string_view key) {
  auto const parts = split(key, '/');
  auto const found = std::ranges::find(schemas, parts.front(), &table_schema::name);
  if (found == schemas.end() || parts.size() != found->key.size() + 1) return std::nullopt;
  row out{all_tables[static_cast<std::size_t>(found - schemas.begin())], {}};
  out.cells.resize(found->columns.size());
  for (std::size_t i = 0; i < found->key.size(); ++i) {
    auto text = unescape(parts[i + 1]);
    if (!text) return std::nullopt;
    out.cells[found->key[i]] = std::move(*text);
  }
  if (key_of(out) != key) return std::nullopt;
  return out;
}

std::string digest_of(row const& value) {
  auto const& table = schema(value.table);
  sha256 sum;
  sum.update(table.name);
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (!has(table.clock, i)) sum.update(tagged(i < value.cells.size() ? value.cells[i] : cell{}));
  }
  return sum.finish_hex();
}

}  // namespace vinny
