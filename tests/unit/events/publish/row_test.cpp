// SPDX-License-Identifier: MIT
#include "events/publish/row.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <set>

using namespace vinny;

namespace {

row image(std::string artist, std::string tag, std::string size) {
  return {table_id::images,
          {std::move(artist), std::move(tag), std::move(size), "https://img/x.jpg", "image/jpeg",
           std::int64_t{500}, std::int64_t{400}, std::int64_t{12345}, "ab"}};
}

row full(table_id table) {
  row out{table, {}};
  for (auto const name : schema(table).columns) out.cells.emplace_back(std::string{name});
  return out;
}

}  // namespace

TEST_CASE("key and kept columns are the ones that the contract names") {
  struct expectation {
    table_id table;
    std::string_view name;
    std::vector<std::string_view> key;
  };
  for (auto const& e : std::vector<expectation>{
           {table_id::artists, "artists", {"id"}},
           {table_id::events, "events", {"id"}},
           {table_id::event_artists, "event_artists", {"event_id", "artist_id"}},
           {table_id::images, "images", {"artist_id", "venue_tag", "size"}},
           {table_id::table_tiers, "table_tiers", {"event_id", "tier"}}}) {
    auto const& s = schema(e.table);
    CAPTURE(e.name);
    CHECK(s.name == e.name);
    std::vector<std::string_view> key;
    for (auto const i : s.key) key.push_back(s.columns[i]);
    CHECK(key == e.key);
    bool const is_events = e.table == table_id::events;
    CHECK(s.kept.size() == (is_events ? 1U : 0U));
    CHECK(s.clock.size() == (is_events ? 3U : 0U));
  }
  auto const& events = schema(table_id::events);
  CHECK(events.kept[0] == events.index_of("created_at"));
  CHECK(events.index_of("composite_key") == 1);
  CHECK(events.index_of("no such column") == events.columns.size());
}

TEST_CASE("a key reads as a path and leads back to its row") {
  CHECK(key_of(image("a-1", "liv", "hd")) == "images/a-1/liv/hd");
  for (std::string const& text :
       {std::string{"plain"}, std::string{"Stage / VIP"}, std::string{"100%"}, std::string{"%2F"},
        std::string{}, std::string{"línea\nnueva\t\x7f"}, std::string{"it's; DROP TABLE"}}) {
    auto const original = row{table_id::table_tiers, {"e/1", {}, text, 1.0, {}, {}}};
    auto const key = key_of(original);
    CAPTURE(key);
    auto const back = row_of_key(key);
    REQUIRE(back);
    CHECK(back->table == table_id::table_tiers);
    CHECK(back->cells.size() == 6);
    CHECK(key_cells(*back) == std::vector<cell>{"e/1", text});
    CHECK(std::holds_alternative<std::monostate>(back->cells[1]));
    CHECK(key_of(*back) == key);
  }
}

TEST_CASE("different primary keys have different texts") {
  std::set<std::string> keys;
  for (auto const& r : {image("a/b", "c", "d"), image("a", "b/c", "d"), image("a", "b", "c/d"),
                        image("a%2Fb", "c", "d"), image("a", "b", "c")}) {
    keys.insert(key_of(r));
  }
  keys.insert(key_of({table_id::artists, {"a"}}));
  keys.insert(key_of({table_id::events, {"a"}}));
  CHECK(keys.size() == 7);
}

TEST_CASE("a text that is no key names no row") {
  for (std::string_view const text :
       {"", "/", "nothing/x", "images", "images/a/b", "images/a/b/c/d", "artists/%2", "artists/%zz",
        "artists/%41", "artists/%2f", "artists/a\nb", "ARTISTS/a"}) {
    CAPTURE(text);
    CHECK_FALSE(row_of_key(text));
  }
}

TEST_CASE("a digest changes with every cell but the clock's") {
  for (table_id const table : all_tables) {
    auto const& s = schema(table);
    auto const before = digest_of(full(table));
    CHECK(before.size() == 64);
    for (std::size_t i = 0; i < s.columns.size(); ++i) {
      auto changed = full(table);
      changed.cells[i] = "other";
      auto const name = s.columns[i];
      CAPTURE(s.name, name);
      bool const clock = name == "scraped_at" || name == "created_at" || name == "updated_at";
      CHECK((digest_of(changed) == before) == clock);
    }
  }
}

TEST_CASE("a digest tells types, borders and tables apart") {
  auto const tier = [](cell price, cell guests) {
    return digest_of({table_id::table_tiers, {"e", "v", "t", std::move(price), std::move(guests)}});
  };
  std::set<std::string> const digests{
      tier({}, {}),   tier("", {}),    tier(std::int64_t{1}, {}), tier(1.0, {}),
      tier("1", {}),  tier({}, "1"),   tier("ab", "c"),           tier("a", "bc"),
      tier("n;", {}), tier("1;n", {}), tier(0.1 + 0.2, {}),       tier(0.3, {})};
  CHECK(digests.size() == 12);
  CHECK(tier(0.0, {}) == tier(-0.0, {}));
  CHECK(tier(std::numeric_limits<double>::quiet_NaN(), {}) == tier({}, {}));
  CHECK(digest_of({table_id::artists, {"a", "b", "c"}}) ==
        digest_of({table_id::artists, {"a", "b", "c", {}, {}}}));
  CHECK(digest_of({table_id::artists, {"a"}}) != digest_of({table_id::events, {"a"}}));
}
