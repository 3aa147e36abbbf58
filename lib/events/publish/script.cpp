// SPDX-License-Identifier: MIT
#include "events/publish/script.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <limits>
#include <string>
#include <tuple>
#include <vector>

#include "core/text.hpp"

namespace vinny {
namespace {

std::string in_quotes(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  out += '\'';
  for (char const c : text) {
    if (c == '\'') out += c;
    out += c;
  }
  out += '\'';
  return out;
}

/// Digits enough to read the same value back, always with a mark that makes it a real. SQLite has
/// no word for infinity: a literal out of range is one.
std::string real(double value) {
  if (std::isnan(value)) return "NULL";
  if (std::isinf(value)) return value < 0 ? "-9e999" : "9e999";
  auto out = fmt::format("{}", value == 0 ? 0.0 : value);
  if (out.find_first_of(".e") == std::string::npos) out += ".0";
  return out;
}

std::size_t quotes_in(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::ranges::count(text, '\''));
}

std::size_t literal_size(cell const& value) {
  auto const* text = std::get_if<std::string>(&value);
  return text != nullptr ? text->size() + quotes_in(*text) + 2 : literal(value).size();
}

std::string insert_head(table_schema const& table) {
  return fmt::format("INSERT INTO {} ({}) VALUES (", table.name, fmt::join(table.columns, ", "));
}

std::string insert_tail(table_schema const& table) {
  std::vector<std::string_view> key;
  for (std::size_t const i : table.key) key.push_back(table.columns[i]);
  std::vector<std::string> sets;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (has(table.key, i) || has(table.kept, i)) continue;
    sets.push_back(fmt::format("{0} = excluded.{0}", table.columns[i]));
  }
  return fmt::format(") ON CONFLICT({}) DO UPDATE SET {};", fmt::join(key, ", "),
                     fmt::join(sets, ", "));
}

std::string upsert_of(table_schema const& table, std::vector<std::string> const& values) {
  return fmt::format("{}{}{}", insert_head(table), fmt::join(values, ", "), insert_tail(table));
}

/// Another program that publishes to the database may still name an artist that we do not.
std::string_view unless_used(table_schema const& table) {
  if (table.name != "artists") return {};
  return " AND NOT EXISTS (SELECT 1 FROM event_artists WHERE artist_id = artists.id) AND NOT "
         "EXISTS (SELECT 1 FROM images WHERE artist_id = artists.id)";
}

std::string remove_of(table_schema const& table, std::vector<std::string> const& values) {
  std::string out = fmt::format("DELETE FROM {} WHERE ", table.name);
  for (std::size_t i = 0; i < table.key.size(); ++i) {
    if (i > 0) out += " AND ";
    out +=
        fmt::format("{} = {}", table.columns[table.key[i]], i < values.size() ? values[i] : "NULL");
  }
  return fmt::format("{}{};", out, unless_used(table));
}

std::size_t upsert_size(row const& value) {
  auto const& table = schema(value.table);
  auto const frame = insert_head(table).size() + insert_tail(table).size();
  std::size_t total = frame + 2 * (table.columns.size() - 1);
  for (cell const& c : value.cells) total += literal_size(c);
  return total;
}

/// Shortens the text until its literal is `excess` bytes shorter, or empty.
/// Returns by how many bytes the literal shrank.
std::size_t shorten(std::string& text, std::size_t excess) {
  auto const before = text.size() + quotes_in(text);
  auto const wanted = before > excess ? before - excess : 0;
  std::size_t used = 0;
  std::size_t keep = 0;
  while (keep < text.size()) {
    used += text[keep] == '\'' ? 2 : 1;
    if (used > wanted) break;
    ++keep;
  }
  text = std::string{clip(text, keep)};
  return before - text.size() - quotes_in(text);
}

/// The cells that may be cut, in the order in which they are: prose, then the longest first.
std::vector<std::size_t> cuttable(row const& value) {
  auto const& table = schema(value.table);
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < value.cells.size(); ++i) {
    if (!has(table.key, i) && std::holds_alternative<std::string>(value.cells[i])) out.push_back(i);
  }
  auto const rank = [&](std::size_t i) {
    bool const prose = table.columns[i] == "description" || table.columns[i] == "bio";
    auto const size = std::get<std::string>(value.cells[i]).size();
    return std::tuple{!prose, std::numeric_limits<std::size_t>::max() - size, i};
  };
  std::ranges::sort(out, {}, rank);
  return out;
}

}  // namespace

std::string literal(cell const& value) {
  if (auto const* i = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *i);
  if (auto const* d = std::get_if<double>(&value)) return real(*d);
  if (auto const* s = std::get_if<std::string>(&value)) return in_quotes(valid_utf8(*s));
  return "NULL";
}

row published_form(row value) {
  auto const& table = schema(value.table);
  value.cells.resize(table.columns.size());
  for (cell& c : value.cells) {
    if (auto* text = std::get_if<std::string>(&c)) *text = valid_utf8(*text);
  }
  auto size = upsert_size(value);
  if (size <= max_statement_bytes) return value;
  for (std::size_t const i : cuttable(value)) {
    size -= shorten(std::get<std::string>(value.cells[i]), size - max_statement_bytes);
    if (size <= max_statement_bytes) break;
  }
  return value;
}

std::string upsert(row const& value) {
  auto const published = published_form(value);
  std::vector<std::string> values;
  values.reserve(published.cells.size());
  for (cell const& c : published.cells) values.push_back(literal(c));
  return upsert_of(schema(value.table), values);
}

std::string remove(table_id table, std::span<cell const> key) {
  std::vector<std::string> values;
  values.reserve(key.size());
  for (cell const& c : key) values.push_back(literal(c));
  return remove_of(schema(table), values);
}

std::string statement(change const& value) {
  if (value.what == change::kind::upsert) return upsert(value.value);
  return remove(value.value.table, key_cells(value.value));
}

statement_frame frame_of(change::kind what, table_id id) {
  auto const& table = schema(id);
  if (what == change::kind::upsert) {
    return {insert_head(table).substr(0, insert_head(table).size() - 1),
            insert_tail(table).substr(1)};
  }
  std::vector<std::string_view> key;
  for (std::size_t const i : table.key) key.push_back(table.columns[i]);
  return {fmt::format("DELETE FROM {} WHERE ({}) IN (VALUES ", table.name, fmt::join(key, ", ")),
          fmt::format("){};", unless_used(table))};
}

std::string values_of(change const& value) {
  bool const writes = value.what == change::kind::upsert;
  auto const cells = writes ? published_form(value.value).cells : key_cells(value.value);
  std::string out = "(";
  for (cell const& c : cells) {
    if (out.size() > 1) out += ", ";
    out += literal(c);
  }
  return out + ')';
}

std::string upsert_with_parameters(table_id table) {
  auto const& s = schema(table);
  return upsert_of(s, std::vector<std::string>(s.columns.size(), "?"));
}

std::string remove_with_parameters(table_id table) {
  auto const& s = schema(table);
  return remove_of(s, std::vector<std::string>(s.key.size(), "?"));
}

result<> script_writer::write(std::span<change const> changes) {
  std::array<std::size_t, all_tables.size()> writes{};
  std::array<std::size_t, all_tables.size()> removals{};
  for (change const& c : changes) {
    auto& side = c.what == change::kind::upsert ? writes : removals;
    ++side[static_cast<std::size_t>(c.value.table)];
  }
  errno = 0;  // the stream says only that it failed, the last system call why
  out_ << "-- Vinny's export: rows to write and to remove, by table.\n";
  for (table_id const table : all_tables) {
    auto const i = static_cast<std::size_t>(table);
    out_ << fmt::format("-- {}: {} to write, {} to remove\n", schema(table).name, writes[i],
                        removals[i]);
  }
  out_ << '\n' << preparation_ << '\n';
  for (change const* c : in_safe_order(changes)) {
    out_ << statement(*c) << '\n';
    if (!out_) break;
  }
  out_.flush();
  if (out_) return {};
  return fail(errno == ENOSPC ? errc::disk_full : errc::io_error,
              "the export script could not be written to its end: the stream refused more");
}

}  // namespace vinny
