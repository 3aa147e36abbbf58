// SPDX-License-Identifier: MIT
#include "events/publish/script.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <sstream>

using namespace vinny;

namespace {

row event(std::string description, std::string title = "title") {
  row out{table_id::events, std::vector<cell>(18)};
  out.cells[0] = "id";
  out.cells[1] = "2027-06-12-a-liv";
  out.cells[2] = std::move(title);
  out.cells[3] = std::move(description);
  out.cells[4] = "2027-06-12";
  return out;
}

std::string repeated(std::string_view part, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += part;
  return out;
}

std::string description_of(row const& r) {
  return std::get<std::string>(r.cells[3]);
}

}  // namespace

TEST_CASE("values become SQL literals that read back as themselves") {
  struct expectation {
    cell value;
    std::string text;
  };
  for (auto const& e :
       std::vector<expectation>{{{}, "NULL"},
                                {std::int64_t{0}, "0"},
                                {std::int64_t{-42}, "-42"},
                                {std::numeric_limits<std::int64_t>::max(), "9223372036854775807"},
                                {std::numeric_limits<std::int64_t>::min(), "-9223372036854775808"},
                                {500.0, "500.0"},
                                {-0.0, "0.0"},
                                {0.1, "0.1"},
                                {1e300, "1e+300"},
                                {2.5e-7, "2.5e-07"},
                                {1234567890123456.0, "1234567890123456.0"},
                                {std::numeric_limits<double>::quiet_NaN(), "NULL"},
                                {std::numeric_limits<double>::infinity(), "9e999"},
                                {-std::numeric_limits<double>::infinity(), "-9e999"},
                                {"", "''"},
                                {"it's", "'it''s'"},
                                {"'); DROP TABLE events; --", "'''); DROP TABLE events; --'"},
                                {"a\nb\r\n\"c\" \\", "'a\nb\r\n\"c\" \\'"},
                                {"Tiësto 🎧", "'Tiësto 🎧'"},
                                {std::string("a\0b", 3), "'ab'"},
                                {"bad \xff byte", "'bad \xEF\xBF\xBD byte'"}}) {
    CAPTURE(e.text);
    CHECK(literal(e.value) == e.text);
  }
}

TEST_CASE("an upsert names every column and updates all but the key and created_at") {
  CHECK(upsert({table_id::table_tiers, {"e", "liv", "VIP", 500.0, std::int64_t{8}, {}}}) ==
        "INSERT INTO table_tiers (event_id, venue_id, tier, price, guests, available) VALUES "
        "('e', 'liv', 'VIP', 500.0, 8, NULL) ON CONFLICT(event_id, tier) DO UPDATE SET "
        "venue_id = excluded.venue_id, price = excluded.price, guests = excluded.guests, "
        "available = excluded.available;");
  auto const text = upsert(event("d"));
  CHECK(text.find("created_at = ") == std::string::npos);
  CHECK(text.find(" id = excluded") == std::string::npos);
  for (auto const column : schema(table_id::events).columns) {
    if (column == "id" || column == "created_at") continue;
    CAPTURE(column);
    CHECK(text.find(std::string{column} + " = excluded." + std::string{column}) !=
          std::string::npos);
  }
}

TEST_CASE("a removal names the whole primary key") {
  std::vector<cell> const image_key{"a", "l'v", "hd"};
  CHECK(remove(table_id::images, image_key) ==
        "DELETE FROM images WHERE artist_id = 'a' AND venue_tag = 'l''v' AND size = 'hd';");
  change const gone{change::kind::remove, *row_of_key("table_tiers/e/Stage %2F VIP"), {}, {}};
  CHECK(statement(gone) ==
        "DELETE FROM table_tiers WHERE event_id = 'e' AND tier = 'Stage / VIP';");
  CHECK(remove_with_parameters(table_id::event_artists) ==
        "DELETE FROM event_artists WHERE event_id = ? AND artist_id = ?;");
}

TEST_CASE("a removal whose key is cut short removes nothing") {
  std::vector<cell> const part{"a"};
  CHECK(remove(table_id::images, part) ==
        "DELETE FROM images WHERE artist_id = 'a' AND venue_tag = NULL AND size = NULL;");
}

TEST_CASE("a description is cut so that the statement fits exactly") {
  auto const frame = upsert(event("")).size();
  auto const room = max_statement_bytes - frame;
  struct expectation {
    char const* what;
    std::string description;
    std::size_t kept;
  };
  for (auto const& e :
       std::vector<expectation>{{"just fits", std::string(room, 'x'), room},
                                {"one too many", std::string(room + 1, 'x'), room},
                                {"a megabyte", std::string(1'000'000, 'x'), room},
                                {"quotes count twice", std::string(room, '\''), room / 2},
                                {"two-byte letters", repeated("ë", room), room / 2 * 2},
                                {"four-byte letters", repeated("🎧", room), room / 4 * 4}}) {
    CAPTURE(e.what);
    CHECK(description_of(published_form(event(e.description))).size() == e.kept);
    auto const size = upsert(event(e.description)).size();
    CHECK(size <= max_statement_bytes);
    CHECK(size >= max_statement_bytes - 4);
  }
}

TEST_CASE("where the description is not enough the longest other text is cut") {
  auto const published = published_form(event("short", std::string(300'000, '\'')));
  CHECK(description_of(published).empty());
  CHECK(std::get<std::string>(published.cells[1]) == "2027-06-12-a-liv");
  CHECK(upsert(event("short", std::string(300'000, '\''))).size() <= max_statement_bytes);

  row everything{table_id::events, std::vector<cell>(18, std::string(50'000, '\''))};
  everything.cells[0] = "id";
  CHECK(upsert(everything).size() <= max_statement_bytes);
  CHECK(key_of(published_form(everything)) == "events/id");
}

TEST_CASE("a row within the limit is published as it is") {
  auto const r = event("It's <b>big</b> & loud\n…");
  CHECK(published_form(r) == r);
  CHECK(published_form({table_id::artists, {"a"}}).cells.size() == 5);
}

TEST_CASE("no table has more columns than D1 takes") {
  for (table_id const table : all_tables) {
    CHECK(schema(table).columns.size() <= max_statement_columns);
  }
}

TEST_CASE("a script is the same for the same changes and in the order of foreign keys") {
  std::vector<change> const changes{
      {change::kind::upsert, {table_id::images, {"a", "liv", "hd", "u"}}, {}, {}},
      {change::kind::upsert, event("two\nlines"), {}, {}},
      {change::kind::remove, {table_id::artists, {"z"}}, {}, {}},
      {change::kind::remove, {table_id::images, {"z", "liv", "hd"}}, {}, {}},
      {change::kind::upsert, {table_id::artists, {"a", "a", "A"}}, {}, {}}};
  std::ostringstream first;
  std::ostringstream second;
  REQUIRE(script_writer{first}.write(changes));
  REQUIRE(script_writer{second}.write(changes));
  auto const text = first.str();
  CHECK(text == second.str());

  std::size_t at = 0;
  for (std::string_view const part :
       {"-- artists: 1 to write, 1 to remove\n", "-- images: 1 to write, 1 to remove\n",
        "CREATE TABLE IF NOT EXISTS artists", "CREATE TABLE IF NOT EXISTS table_tiers",
        "\nDELETE FROM images", "\nDELETE FROM artists", "\nINSERT INTO artists",
        "\nINSERT INTO events", "\nINSERT INTO images"}) {
    CAPTURE(part);
    auto const found = text.find(part, at);
    REQUIRE(found != std::string::npos);
    at = found;
  }
  CHECK(text.find('\r') == std::string::npos);
  CHECK(text.ends_with(";\n"));
  for (std::string_view const word : {"BEGIN", "COMMIT", "ALTER", "DROP", "PRAGMA"}) {
    CAPTURE(word);
    CHECK(text.find(word) == std::string::npos);
  }
}

TEST_CASE("a stream that takes no more is a failure") {
  std::ostringstream out;
  out.setstate(std::ios::badbit);
  auto const done = script_writer{out}.write({});
  REQUIRE_FALSE(done);
  CHECK(done.error().code == errc::io_error);
}
