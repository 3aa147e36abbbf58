// SPDX-License-Identifier: MIT
#include "library/postgres/postgres_library.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <boost/json.hpp>

#include <algorithm>
#include <set>
#include <span>
#include <stdexcept>

#include "catalog/notes.hpp"
#include "core/text.hpp"
#include "library/model/artwork_match.hpp"
#include "library/model/library_settings.hpp"
#include "library/tables/library_words.hpp"
#include "policy/backoff.hpp"
#include "policy/classify.hpp"

namespace vinny {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr auto search_patience = 5s;      // whoever searches does not wait longer
constexpr auto beyond_the_timeout = 10s;  // PostgreSQL itself is to give a statement up first
constexpr std::size_t texts_at_once = 2'000;
constexpr std::size_t most_variants = 12;  // of one misspelt word

pg_address address_of(library_config const& how) {
  auto where = pg_address::parse(how.database.reveal());
  if (!where) throw std::runtime_error{"library.database: " + where.error().message};
  where->set_unless_given("application_name", how.application_name);
  return std::move(*where);
}

pg_session session_of(library_config const& how) {
  return {{"statement_timeout", std::to_string(how.statement_timeout.count())},
          {"synchronous_commit", how.synchronous_commit ? "on" : "off"},
          {"standard_conforming_strings", "on"}};
}

std::string as_array(std::vector<std::int64_t> const& ids) {
  return fmt::format("{{{}}}", fmt::join(ids, ","));
}

std::string as_recordset(std::span<library_find const> found) {
  json::array list;
  for (auto const& one : found) list.push_back(json::object{{"id", one.id}, {"url", one.url}});
  return json::serialize(list);
}

/// Data exceptions, violated constraints, and what a trigger raises.
bool is_about_a_value(failure const& why) {
  auto const& state = why.evidence;
  return state.starts_with("22") || state.starts_with("23") || state.starts_with("P0");
}

}  // namespace

postgres_library::postgres_library(library_config const& how, int attempts, dns_cache& names,
                                   catalog* facts)
    : how_(how),
      attempts_(attempts),
      facts_(facts),
      pool_(address_of(how), session_of(how), names) {}

std::string postgres_library::name() const {
  return fmt::format("postgresql {} {}.{}", pool_.name(), how_.schema, how_.library_table);
}

task<result<std::vector<std::string>>> postgres_library::columns_of(std::string table,
                                                                    std::string_view key,
                                                                    texts needed, deadline limit) {
  auto const rows = co_await pool_.query(columns_sql(), {table}, limit);
  if (!rows) co_return std::unexpected(rows.error());
  if (rows->size() == 0) {
    co_return fail(errc::postgres_refused,
                   fmt::format("PostgreSQL at {}: there is no table {}, or this user may not see "
                               "its schema; correct library.schema and library.{}",
                               pool_.name(), table, key));
  }
  std::vector<std::string> out;
  for (int i = 0; i < rows->size(); ++i) {
    out.push_back(rows->text(i, 0));
    bool const whole = rows->text(i, 1).ends_with("int") || rows->text(i, 1) == "integer";
    if (out.back() == "id" && !whole) {
      co_return fail(errc::postgres_refused,
                     fmt::format("PostgreSQL at {}: ids of table {} are {}, and should be integers",
                                 pool_.name(), table, rows->text(i, 1)));
    }
  }
  for (auto const& one : needed) {
    if (std::ranges::find(out, one) != out.end()) continue;
    co_return fail(
        errc::postgres_refused,
        fmt::format("PostgreSQL at {}: table {} has no column {}", pool_.name(), table, one));
  }
  co_return out;
}

task<result<>> postgres_library::look_at_tables(deadline limit) {
  if (shape_) co_return result<>{};
  library_shape out{
      .library = sql_identifier(how_.schema) + '.' + sql_identifier(how_.library_table),
      .artists = sql_identifier(how_.schema) + '.' + sql_identifier(how_.artists_table)};
  auto const rows = co_await columns_of(out.library, "library_table",
                                        {"id", "artist_id", "album_title", "artwork_url"}, limit);
  if (!rows) co_return std::unexpected(rows.error());
  auto const artists = co_await columns_of(out.artists, "artists_table",
                                           {"id", "artist_name", "discogs_artist_id"}, limit);
  if (!artists) co_return std::unexpected(artists.error());
  auto const database = co_await pool_.query(database_sql(), {}, limit);
  if (!database) co_return std::unexpected(database.error());
  auto const has = [&rows](std::string_view column) {
    return std::ranges::find(*rows, column) != rows->end();
  };
  out.has_label = has("label");
  out.has_artist_name = has("artist_name");
  out.has_unavailable = has("discogs_unavailable");
  encoding_ = database->text(0, 0);
  out.has_icu = encoding_ == "UTF8" && database->flag(0, 1);
  shape_ = std::move(out);
  co_return result<>{};
}

task<result<pg_rows>> postgres_library::once(statement what, texts values, deadline limit) {
  auto const known = co_await look_at_tables(limit);
  if (!known) co_return std::unexpected(known.error());
  auto rows = co_await pool_.query(what(*shape_), std::move(values), limit);
  // The tables may have become others.
  if (!rows && rows.error().code == errc::postgres_refused) shape_.reset();
  co_return rows;
}

task<result<pg_rows>> postgres_library::insist(statement what, texts values) {
  for (int attempt = 1;; ++attempt) {
    auto rows = co_await once(what, values, within(how_.statement_timeout + beyond_the_timeout));
    bool const passes = !rows && classify(rows.error().code) == verdict::retry;
    if (!passes || attempt >= attempts_) co_return rows;
    auto const chance = std::uniform_real_distribution<>{0.0, 1.0}(random_);
    co_await sleep_for(backoff(attempt, chance));
  }
}

task<result<std::vector<library_question>>> postgres_library::bare_rows(library_part part,
                                                                        std::int64_t after,
                                                                        std::size_t most) {
  auto const rows =
      co_await insist(bare_rows_sql, {std::to_string(after), std::to_string(part.count),
                                      std::to_string(part.index), std::to_string(most)});
  if (!rows) co_return std::unexpected(rows.error());
  std::vector<library_question> out;
  out.reserve(static_cast<std::size_t>(rows->size()));
  for (int i = 0; i < rows->size(); ++i) {
    out.push_back({rows->number(i, 0), valid_utf8(rows->text(i, 1)), valid_utf8(rows->text(i, 2))});
  }
  co_return out;
}

task<result<library_filled>> postgres_library::fill_artwork(std::vector<library_find> found) {
  library_filled out;
  auto const rows = co_await insist(fill_artwork_sql, {as_recordset(found)});
  if (rows) {
    for (int i = 0; i < rows->size(); ++i) out.taken.push_back(rows->number(i, 0));
    auto const looked = co_await find_untouched(found, out);
    if (!looked) co_return std::unexpected(looked.error());
    co_return out;
  }
  if (!is_about_a_value(rows.error())) co_return std::unexpected(rows.error());
  // One of them is more than its column, a rule or a trigger takes: the others are to have theirs.
  for (auto const& one : found) {
    auto const alone = co_await insist(fill_artwork_sql, {as_recordset({&one, 1})});
    if (alone && alone->size() > 0) {
      out.taken.push_back(one.id);
    } else if (!alone && is_about_a_value(alone.error())) {
      out.refused.emplace(one.id, alone.error().message);
    } else if (!alone) {
      co_return std::unexpected(alone.error());
    }
  }
  co_return out;
}

task<result<>> postgres_library::find_untouched(std::span<library_find const> found,
                                                library_filled& filled) {
  std::set<std::int64_t> const taken{filled.taken.begin(), filled.taken.end()};
  std::vector<std::int64_t> others;
  for (auto const& one : found) {
    if (!taken.contains(one.id)) others.push_back(one.id);
  }
  if (others.empty()) co_return result<>{};
  auto const there = co_await artwork_of(others);
  if (!there) co_return std::unexpected(there.error());
  for (auto const id : others) {
    if (there->contains(id)) continue;
    filled.refused.emplace(id, fmt::format("PostgreSQL at {}: the row is gone, or a policy or a "
                                           "trigger kept it as it was",
                                           pool_.name()));
  }
  co_return result<>{};
}

task<result<std::int64_t>> postgres_library::fill_artist_names(std::int64_t most) {
  auto const rows = co_await insist(fill_names_sql, {std::to_string(most)});
  if (!rows) co_return std::unexpected(rows.error());
  co_return rows->changed();
}

task<result<std::int64_t>> postgres_library::nameless_rows() {
  auto const rows = co_await insist(nameless_sql, {});
  if (!rows) co_return std::unexpected(rows.error());
  co_return rows->number(0, 0);
}

task<result<std::map<std::int64_t, std::string>>> postgres_library::artwork_of(
    std::vector<std::int64_t> ids) {
  auto const rows = co_await insist(artwork_sql, {as_array(ids)});
  if (!rows) co_return std::unexpected(rows.error());
  std::map<std::int64_t, std::string> out;
  for (int i = 0; i < rows->size(); ++i) out.emplace(rows->number(i, 0), rows->text(i, 1));
  co_return out;
}

result<> postgres_library::can_search() const {
  if (encoding_ == "UTF8") return {};
  return fail(errc::postgres_refused,
              fmt::format("PostgreSQL at {}: searches need a database in UTF8; this one is in {}",
                          pool_.name(), encoding_));
}

task<result<>> postgres_library::match(std::string sql, texts values, std::size_t most,
                                       deadline limit, std::vector<library_hit>& into) {
  values.push_back(std::to_string(most));
  auto const rows = co_await pool_.query(std::move(sql), std::move(values), limit);
  if (!rows) co_return std::unexpected(rows.error());
  for (int i = 0; i < rows->size(); ++i) {
    library_hit one{.what = {rows->number(i, 0), rows->text(i, 1), rows->text(i, 2)},
                    .label = rows->text(i, 3),
                    .artwork_url = rows->text(i, 4)};
    one.can_ask = one.artwork_url.empty() && !rows->flag(i, 5) && !one.what.artist.empty();
    auto const known = [&one](library_hit const& other) { return other.what.id == one.what.id; };
    if (std::ranges::none_of(into, known)) into.push_back(std::move(one));
  }
  co_return result<>{};
}

/// For each word that begins none, those that differ from it by one letter.
task<result<std::optional<std::vector<std::string>>>> postgres_library::forgiven(
    library_query const& query, deadline limit) {
  texts out;
  bool otherwise = false;
  for (auto const& word : query.words) {
    std::vector<std::string> const itself{word};
    auto const there = co_await once(begins_sql, {any_of_words(itself, true)}, limit);
    if (!there) co_return std::unexpected(there.error());
    auto alike = there->flag(0, 0)   ? result<texts>{}
                 : facts_ == nullptr ? result<texts>{}
                                     : co_await facts_->read([word](database& db) {
                                         return words_like(db, word, most_variants);
                                       });
    if (!alike) co_return std::unexpected(alike.error());
    otherwise = otherwise || !alike->empty();
    out.push_back(alike->empty() ? any_of_words(itself, true) : any_of_words(*alike, false));
  }
  co_return otherwise ? std::optional{std::move(out)} : std::nullopt;
}

task<result<std::vector<library_hit>>> postgres_library::search(library_query query,
                                                                std::size_t most) {
  std::vector<library_hit> out;
  if (query.words.empty()) co_return out;
  auto const limit = within(search_patience);
  auto const known = co_await look_at_tables(limit);
  if (!known) co_return std::unexpected(known.error());
  if (auto const can = can_search(); !can) co_return std::unexpected(can.error());
  auto const shape = *shape_;
  auto const worded = worded_sql(shape, query.words.size());
  auto const each = [&query](bool as_prefix) {
    texts words;
    for (auto const& word : query.words) words.push_back(any_of_words({&word, 1}, as_prefix));
    return words;
  };
  auto found = co_await match(worded, each(true), most, limit, out);
  if (found && out.size() >= most) {  // what comes first must not be among what is cut off
    found = co_await match(named_sql(shape), {spellings(query.plain)}, most, limit, out);
    if (found) found = co_await match(worded, each(false), most, limit, out);
  }
  if (found && out.empty()) {
    auto words = co_await forgiven(query, limit);
    if (!words) {
      found = std::unexpected(words.error());
    } else if (*words) {
      found = co_await match(worded, std::move(**words), most, limit, out);
    }
  }
  if (!found && found.error().code == errc::postgres_refused) shape_.reset();
  if (!found) co_return std::unexpected(found.error());
  co_return out;
}

task<result<>> postgres_library::index_new_words() {
  if (facts_ == nullptr) co_return result<>{};
  auto const note = "library_words of " + name();
  auto const kept = co_await facts_->read([note](database& db) { return read_note(db, note); });
  if (!kept) co_return std::unexpected(kept.error());
  auto after = kept->value_or(std::to_string(before_all_rows));
  for (;;) {
    auto const rows = co_await insist(texts_sql, {after, std::to_string(texts_at_once)});
    if (!rows) co_return std::unexpected(rows.error());
    if (rows->size() == 0) co_return result<>{};
    after = rows->text(rows->size() - 1, 0);
    auto const learned = co_await facts_->write([rows = *rows, note, after](database& db) {
      for (int i = 0; i < rows.size(); ++i) {
        for (int column : {1, 2, 3}) learn_words(db, plain_name(rows.text(i, column)));
      }
      set_note(db, note, after);
    });
    if (!learned) co_return learned;
  }
}

task<result<std::string>> postgres_library::index_script() {
  auto const known = co_await look_at_tables(within(how_.statement_timeout));
  if (!known) co_return std::unexpected(known.error());
  if (auto const can = can_search(); !can) co_return std::unexpected(can.error());
  co_return vinny::index_script(*shape_);
}

}  // namespace vinny
