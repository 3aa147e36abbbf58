// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include "library/postgres/pg_connection.hpp"
#include "library/postgres/postgres_sql.hpp"

using namespace vinny;

TEST_CASE("a name is quoted whatever it has in it", "[postgres]") {
  CHECK(sql_identifier("wxyc_schema") == R"("wxyc_schema")");
  CHECK(sql_identifier(R"(a"; DROP TABLE b; --)") == R"("a""; DROP TABLE b; --")");
}

TEST_CASE("the words of a search become queries", "[postgres]") {
  std::vector<std::string> const words{"beatles", "beetle"};
  CHECK(any_of_words({words.data(), 1}, true) == "'beatles':*");
  CHECK(any_of_words(words, false) == "'beatles' | 'beetle'");
  CHECK(spellings("wall").starts_with(R"({"wall","the wall",)"));
}

TEST_CASE("what an SQLSTATE means", "[postgres]") {
  for (auto const* const passes : {"08006", "40001", "40P01", "53300", "55P03", "57014", "57P01"}) {
    CHECK(from_sqlstate(passes) == errc::postgres_unavailable);
  }
  for (auto const* const stays : {"28P01", "3D000", "42P01", "42501", "22001", "23514", ""}) {
    CHECK(from_sqlstate(stays) == errc::postgres_refused);
  }
}

TEST_CASE("where a database is, without its password", "[postgres]") {
  auto const url = pg_address::parse("postgresql://vinny:s3cr%2Ft@db.example.org:5433/music");
  REQUIRE(url);
  CHECK(url->name() == "db.example.org:5433/music");
  CHECK(url->get("password") == "s3cr/t");
  auto const words = pg_address::parse("host=/run/postgresql dbname=music");
  REQUIRE(words);
  CHECK(words->name() == "/run/postgresql/music");
  auto const bad = pg_address::parse("postgresql://vinny:s3cret@[");
  REQUIRE_FALSE(bad);
  CHECK(bad.error().code == errc::config_invalid);
  CHECK(bad.error().message.find("s3cret") == std::string::npos);
}

TEST_CASE("columns that a table lacks are not asked for", "[postgres]") {
  library_shape const plain{.library = "l", .artists = "a"};
  CHECK(bare_rows_sql(plain).find("discogs_unavailable") == std::string::npos);
  CHECK(worded_sql(plain, 1).find("label") == std::string::npos);
  auto all = plain;
  all.has_label = all.has_unavailable = true;
  CHECK(bare_rows_sql(all).find("discogs_unavailable") != std::string::npos);
  CHECK(worded_sql(all, 1).find("label") != std::string::npos);
}
