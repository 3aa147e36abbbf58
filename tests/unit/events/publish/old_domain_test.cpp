// SPDX-License-Identifier: MIT
#include "events/publish/old_domain.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <catch2/catch.hpp>

#include "events/publish/script.hpp"

using namespace vinny;

namespace {

store_config at(std::string public_url, std::string prefix = {}) {
  store_config out;
  out.public_url = std::move(public_url);
  out.prefix = std::move(prefix);
  return out;
}

}  // namespace

TEST_CASE("URLs of the old domain are rewritten, whoever wrote them; others stay") {
  SQLite::Database db{":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
  db.exec(preparation_sql(at("https://img.example.org/")));
  std::string const old = "https://pub-a209680121414327917920199a3f8c63.r2.dev";
  std::vector<std::pair<std::string, std::string>> const rows{
      {old + "/artists/a/a_liv_hd.jpg", "https://img.example.org/artists/a/a_liv_hd.jpg"},
      {old + "/artists/a/a_liv_hd.jpg?v=1", "https://img.example.org/artists/a/a_liv_hd.jpg?v=1"},
      {"https://img.example.org/artists/b.jpg", "https://img.example.org/artists/b.jpg"},
      {"https://other.example/pub-x.r2.dev/b.jpg", "https://other.example/pub-x.r2.dev/b.jpg"}};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto const id = std::to_string(i);
    db.exec("INSERT INTO artists (id, slug, name, image) VALUES ('" + id + "', '" + id +
            "', 'x', '" + rows[i].first + "')");
    db.exec("INSERT INTO images (artist_id, venue_tag, size, r2_url) VALUES ('" + id +
            "', 'liv', 'hd', '" + rows[i].first + "')");
    db.exec("INSERT INTO events (id, composite_key, event_date, artist_image_url) VALUES ('" + id +
            "', '" + id + "', '2027-01-01', '" + rows[i].first + "')");
  }
  for (int again = 0; again < 2; ++again) {
    db.exec(preparation_sql(at("https://img.example.org/")));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (auto const* where : {"image FROM artists WHERE id", "r2_url FROM images WHERE artist_id",
                                "artist_image_url FROM events WHERE id"}) {
        CAPTURE(where, i);
        auto const found =
            db.execAndGet(std::string{"SELECT "} + where + " = '" + std::to_string(i) + "'");
        CHECK(found.getString() == rows[i].second);
      }
    }
  }
}

TEST_CASE("A quote in the public URL cannot end its text") {
  CHECK(rewrite_old_domain(at("https://x.example/it's")).find("'https://x.example/it''s/'") !=
        std::string::npos);
}

TEST_CASE("A prefix is in the old path and in the new base: once in the result") {
  SQLite::Database db{":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
  auto const store = at("https://img.example.org/lib", "lib/");
  db.exec(preparation_sql(store));
  db.exec(
      "INSERT INTO artists (id, slug, name, image) VALUES ('1', '1', 'x', "
      "'https://pub-1.r2.dev/lib/artists/a.jpg'), ('2', '2', 'y', "
      "'https://pub-1.r2.dev/other.jpg')");
  db.exec(rewrite_old_domain(store));
  CHECK(db.execAndGet("SELECT image FROM artists WHERE id = '1'").getString() ==
        "https://img.example.org/lib/artists/a.jpg");
  CHECK(db.execAndGet("SELECT image FROM artists WHERE id = '2'").getString() ==
        "https://pub-1.r2.dev/other.jpg");
}
