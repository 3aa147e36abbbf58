// SPDX-License-Identifier: MIT
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "events/publish/script.hpp"

using namespace vinny;

namespace {

std::string contents(std::string const& path) {
  std::ifstream in(std::string{VINNY_SOURCE_DIR} + "/" + path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

using names = std::set<std::string>;

names keys(boost::json::object const& object) {
  names out;
  for (auto const& member : object) out.emplace(member.key());
  return out;
}

names strings(boost::json::array const& array) {
  names out;
  for (auto const& value : array) out.emplace(value.as_string());
  return out;
}

}  // namespace

TEST_CASE("the embedded schema is proto/d1.sql") {
  CHECK(contents("proto/d1.sql") == schema_sql());
}

TEST_CASE("the schema can be applied again and never alters or drops") {
  std::string_view const sql = schema_sql();
  for (std::string_view const word : {"ALTER", "DROP", "BEGIN", "COMMIT", "PRAGMA", "\r"}) {
    CAPTURE(word);
    CHECK(sql.find(word) == std::string_view::npos);
  }
  std::size_t creates = 0;
  for (auto at = sql.find("CREATE "); at != std::string_view::npos;
       at = sql.find("CREATE ", at + 1)) {
    ++creates;
    CHECK(sql.substr(at, 40).find(" IF NOT EXISTS ") != std::string_view::npos);
  }
  CHECK(creates >= all_tables.size());
}

TEST_CASE("proto/event.schema.json describes every field of an event and requires it") {
  auto const document = boost::json::parse(contents("proto/event.schema.json")).as_object();
  CHECK(document.at("$schema").as_string() == "https://json-schema.org/draft/2020-12/schema");
  auto const& fields = document.at("properties").as_object();
  names const expected{"composite_key", "id",          "title",     "description", "event_date",
                       "event_time",    "starts_at",   "venue",     "venue_id",    "venue_tag",
                       "url",           "external_id", "status",    "performers",  "images",
                       "image_url",     "tiers",       "scraped_at"};
  CHECK(keys(fields) == expected);
  CHECK(strings(document.at("required").as_array()) == expected);
  auto const item = [&](char const* list) {
    return fields.at(list).at("items").at("properties").as_object();
  };
  CHECK(keys(item("performers")) == names{"name", "slug", "role"});
  CHECK(keys(item("tiers")) == names{"tier", "price", "guests", "available"});
  CHECK(strings(fields.at("status").at("enum").as_array()) ==
        names{"scheduled", "cancelled", "postponed", "rescheduled", "moved_online"});
}
