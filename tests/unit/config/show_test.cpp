// SPDX-License-Identifier: MIT
#include "config/show.hpp"
#include "captures/model/capture_settings.hpp"

#include <catch2/catch.hpp>

#include "config/load.hpp"

using namespace vinny;

namespace {

config good(std::string_view toml, std::string const& file = "vinny.toml") {
  auto read = parse_config(toml, file);
  if (!read) {
    for (auto const& problem : read.error()) UNSCOPED_INFO(to_string(problem));
  }
  REQUIRE(read);
  return *std::move(read);
}

}  // namespace

TEST_CASE("what is shown can be read again and says the same") {
  for (auto const* toml : {"", R"(
data_dir = "a \"quoted\" ünïcode\\path"
contact = "ops@example.org"
[http]
ports = [8080]
connect_to = { "a.org:443" = "127.0.0.1:1", "[::1]:80" = "[::1]:81" }
ca_file = "/etc/ca.pem"
total_timeout_s = 77
[politeness]
robots = false
[politeness.host."cdn.example.org"]
delay_ms = 0
robots = true
[politeness.host."::1"]
retries = 9
[thumbnails]
sizes = { z = 900, a = { width = 100, height = 50 } }
[captures.collection.moths]
source = "/srv/moths"
private = true
[store]
kind = "s3"
endpoint = "https://s3.example.org/base"
bucket = "images"
path_style = false
[[venue]]
tag = "hall"
name = "The \"Hall\""
aliases = ["A", "B"]
image_hosts = ["img.example.org"]
)"}) {
    auto const before = good(toml);
    auto const shown = show_config(before);
    INFO(shown);
    auto const after = good(shown);
    CHECK(show_config(after) == shown);
    CHECK(after.data_dir == before.data_dir);
    CHECK(after.http.connect_to == before.http.connect_to);
    CHECK(after.http.total_timeout == before.http.total_timeout);
    CHECK(after.politeness.host.size() == before.politeness.host.size());
    CHECK(after.politeness_of("cdn.example.org").robots ==
          before.politeness_of("cdn.example.org").robots);
    CHECK(after.politeness_of("::1").retries == before.politeness_of("::1").retries);
    CHECK(after.of<thumbnails_config>().sizes == before.of<thumbnails_config>().sizes);
    CHECK(after.store.endpoint == before.store.endpoint);
    REQUIRE(after.venues.size() == before.venues.size());
    for (std::size_t i = 0; i < after.venues.size(); ++i) {
      CHECK(after.venues[i].name == before.venues[i].name);
      CHECK(after.venues[i].aliases == before.venues[i].aliases);
      CHECK(after.venues[i].image_hosts == before.venues[i].image_hosts);
    }
  }
}

TEST_CASE("secrets are shown as set or not, never themselves") {
  auto const shown = show_config(good(R"(
[store]
access_key_id = "canary-1"
secret_access_key = "canary-2"
)"));
  CHECK_THAT(shown, !Catch::Contains("canary"));
  CHECK_THAT(shown, Catch::Contains("\naccess_key_id = \"<set>\"\n"));
  CHECK_THAT(shown, Catch::Contains("\nsecret_access_key = \"<set>\"\n"));
  CHECK_THAT(shown, Catch::Contains("\napi_token = \"\"\n"));
  auto const again = parse_config(shown, "x.toml");
  REQUIRE_FALSE(again);
  CHECK(again.error().size() == 2);
}

TEST_CASE("the file that was read is named without a chance to inject a line") {
  CHECK_THAT(show_config(good("", "conf/vinny.toml")),
             Catch::StartsWith("# \"conf/vinny.toml\"\ndata_dir = \"data\"\n"));
  CHECK_THAT(show_config(good("", "a\nevil = 1")), Catch::StartsWith("# \"a\\u000Aevil = 1\"\n"));
  CHECK_THAT(show_config(config{}), Catch::StartsWith("# no configuration file\n"));
}
