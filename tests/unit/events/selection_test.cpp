// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <boost/json.hpp>

#include <string>
#include <tuple>
#include <vector>

#include "catalog/schema.hpp"
#include "events/commands/plan.hpp"
#include "events/stages/sync_job.hpp"
#include "events/stages/venue_choice.hpp"
#include "run/job.hpp"

using namespace vinny;

namespace {

config three_venues() {
  config out;
  out.data_dir = "/data";
  for (auto const& [tag, extractor, sitemap] :
       {std::tuple{"liv", "liv", "https://liv.example/sitemap.xml?key=s3cret"},
        std::tuple{"livbeach", "liv", "https://liv.example/sitemap.xml?key=s3cret"},
        std::tuple{"omnia", "tao", "https://tao.example/sitemap.xml"},
        std::tuple{"closed", "schema-org", ""}}) {
    venue one;
    one.tag = tag;
    one.name = tag;
    one.extractor = extractor;
    one.sitemap = sitemap;
    out.venues.push_back(one);
  }
  return out;
}

std::string selected(std::vector<std::string> const& names) {
  auto const out = select_venues(three_venues(), names);
  if (!out) return "error";
  std::string tags;
  for (auto const& one : *out) tags += one.tag + ' ';
  return tags;
}

}  // namespace

TEST_CASE("venues are chosen by tag, by extractor, or all that have a sitemap") {
  CHECK(selected({}) == "liv livbeach omnia ");
  CHECK(selected({"omnia"}) == "omnia ");
  CHECK(selected({"omnia", "livbeach"}) == "livbeach omnia ");
  CHECK(selected({"tao"}) == "omnia ");
  // "liv" is a venue and an extractor: both are meant.
  CHECK(selected({"liv"}) == "liv livbeach ");
  CHECK(selected({"liv", "livbeach", "liv"}) == "liv livbeach ");
  CHECK(selected({"closed"}) == "closed ");
}

TEST_CASE("an unknown venue is refused with the known ones") {
  using names = std::vector<std::string>;
  for (auto const& asked : {names{"liv", "nowhere"}, names{"nowhere"}}) {
    auto const out = select_venues(three_venues(), asked);
    REQUIRE_FALSE(out);
    CHECK(out.error().code == errc::not_found);
    CHECK(out.error().message ==
          "there is no venue or extractor 'nowhere'; known are closed, liv, livbeach, omnia, "
          "schema-org, tao");
  }
  CHECK_FALSE(select_venues(three_venues(), {"LIV"}));
  CHECK_FALSE(select_venues(three_venues(), {""}));
}

TEST_CASE("a plan tells what would be done without a catalog") {
  auto const plan = plan_run(three_venues(), {}, nullptr);
  REQUIRE(plan);
  REQUIRE(plan->sites.size() == 2);
  CHECK(plan->sites[0].second == std::vector<std::string>{"liv", "livbeach"});
  CHECK(plan->pages_known == 0);
  CHECK(plan->store == "/data/public");
  CHECK(plan->target == "/data/export.sql");

  sync_request local;
  local.local = true;
  CHECK(plan_run(three_venues(), local, nullptr)->target == "/data/local-d1.sqlite");

  sync_request unknown;
  unknown.venues = {"nowhere"};
  CHECK(plan_run(three_venues(), unknown, nullptr).error().code == errc::not_found);
}

TEST_CASE("a plan leaves out the steps that were not asked for") {
  sync_request only_images;
  only_images.scrape = only_images.upload = only_images.publish = false;
  auto const plan = plan_run(three_venues(), only_images, nullptr);
  REQUIRE(plan);
  CHECK(plan->sites.empty());
  CHECK(plan->store.empty());
  CHECK(plan->target.empty());
  auto const text = to_text(*plan, only_images);
  CHECK(text.find("images") != std::string::npos);
  CHECK(text.find("scrape") == std::string::npos);
  CHECK(text.find("upload") == std::string::npos);
  CHECK(text.find("publish") == std::string::npos);
  auto const parsed = boost::json::parse(to_json(*plan));
  CHECK(parsed.at("store").is_null());
  CHECK(parsed.at("target").is_null());

  sync_request reuse;
  reuse.reuse = "latest";
  CHECK(plan_run(three_venues(), reuse, nullptr)->sites.empty());
}

TEST_CASE("a plan counts what waits in the catalog and changes nothing") {
  database db{":memory:", database::mode::read_write};
  REQUIRE(migrate(db, ":memory:"));
  db.handle().exec(
      "INSERT INTO pages (site, sitemap, url, host, lastmod, state) VALUES ('s','s','1','h','',"
      "'done'), ('s','s','2','h','','pending'), ('s','s','3','h','','failed');"
      "INSERT INTO images (url, host, state) VALUES ('1','h','pending'), ('2','h','parked'),"
      "('3','h','done'), ('4','h','rejected'), ('5','h','idle');"
      "INSERT INTO renditions (venue_tag, artist_slug, size, candidates, state, stored) VALUES "
      "('v','a','s','[]','done',0), ('v','b','s','[]','done',1), ('v','c','s','[]','pending',0)");
  auto const before = db.number("SELECT total_changes()");
  auto const plan = plan_run(three_venues(), {}, &db);
  REQUIRE(plan);
  CHECK(plan->pages_known == 3);
  CHECK(plan->pages_pending == 1);
  CHECK(plan->images_pending == 2);
  CHECK(plan->objects_pending == 1);
  CHECK(db.number("SELECT total_changes()") == before);
  auto const parsed = boost::json::parse(to_json(*plan));
  CHECK(parsed.at("pages_known") == 3);
  CHECK(parsed.at("images_pending") == 2);
  CHECK(parsed.at("objects_pending") == 1);
}

TEST_CASE("a plan for people hides a sitemap's query") {
  sync_request const all;
  auto const text = to_text(*plan_run(three_venues(), all, nullptr), all);
  CHECK(text.find("https://liv.example/sitemap.xml") != std::string::npos);
  CHECK(text.find("s3cret") == std::string::npos);
}

TEST_CASE("a request is recorded as it was asked") {
  sync_request request;
  request.upload = false;
  request.venues = {"liv"};
  request.force = true;
  auto parsed = boost::json::parse(boost::json::serialize(request_document(sync_job{request})));
  CHECK(parsed.at("pipeline") == "sync");
  CHECK(boost::json::serialize(parsed.at("steps")) == R"(["scrape","images","publish"])");
  CHECK(boost::json::serialize(parsed.at("venues")) == R"(["liv"])");
  CHECK(parsed.at("force") == true);
  CHECK(parsed.at("full") == false);
  CHECK(parsed.at("run").is_null());
  request.reuse = "latest";
  CHECK(boost::json::parse(boost::json::serialize(request_document(sync_job{request}))).at("run") ==
        "latest");
}
