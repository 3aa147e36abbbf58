// SPDX-License-Identifier: MIT
#include "alerts/sentry.hpp"

#include <catch2/catch.hpp>

#include <boost/json.hpp>

#include "core/text.hpp"

using namespace vinny;

// develop.sentry.dev/sdk/overview: {PROTOCOL}://{PUBLIC_KEY}:{SECRET_KEY}@{HOST}{PATH}/{PROJECT_ID}
TEST_CASE("where a DSN's envelopes go", "[sentry]") {
  auto const plain = sentry_address::from_dsn("https://abc123@o1.ingest.example.org/42");
  REQUIRE(plain);
  CHECK(plain->where.safe() == "https://o1.ingest.example.org/api/42/envelope/");
  CHECK(plain->key == "abc123");
  auto const deep = sentry_address::from_dsn("http://abc:old@sentry.example.org:9000/a/b/7");
  REQUIRE(deep);
  CHECK(deep->where.safe() == "http://sentry.example.org:9000/a/b/api/7/envelope/");
  CHECK(deep->key == "abc");
  for (auto const* const bad :
       {"", "https://o1.example.org/42", "https://@o1.example.org/42", "https://abc@o1.example.org",
        "https://abc@o1.example.org/", "abc@o1.example.org/42"}) {
    CHECK_FALSE(sentry_address::from_dsn(bad));
  }
}

TEST_CASE("an envelope is three lines of JSON", "[sentry]") {
  error_report const what{.id = "0123456789abcdef0123456789abcdef",
                          .at = instant{std::chrono::milliseconds{1'700'000'000'123}},
                          .kind = "http_server_error",
                          .message = "row 7\n\xFF",
                          .tool = "library-artwork-url-backfill",
                          .step = "batch-3",
                          .run_id = "01J",
                          .extra = {{"row_id", "7"}}};
  sentry_config how;
  how.environment = "test";
  auto const text = sentry_envelope(what, how, what.at);
  auto const lines = split(text, '\n');
  REQUIRE(lines.size() == 4);
  CHECK(lines[3].empty());
  auto const head = boost::json::parse(lines[0]);
  auto const item = boost::json::parse(lines[1]);
  auto const event = boost::json::parse(lines[2]);
  CHECK(head.at("event_id") == event.at("event_id"));
  CHECK(item.at("type") == "event");
  CHECK(item.at("length").to_number<std::size_t>() == lines[2].size());
  CHECK(event.at("level") == "error");
  CHECK(event.at("environment") == "test");
  CHECK(event.at("release") == "vinny@" VINNY_VERSION);
  CHECK(event.at("timestamp").as_string().starts_with("2023-11-14T22:13:20"));
  CHECK(event.at("exception").at("values").at(0).at("type") == "http_server_error");
  CHECK(event.at("tags").at("tool") == "library-artwork-url-backfill");
  CHECK(event.at("tags").at("step") == "batch-3");
  CHECK(event.at("extra").at("row_id") == "7");
}
