// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <algorithm>

#include "config/load.hpp"

using namespace vinny;

namespace {

std::vector<std::string> problems(std::string_view toml) {
  auto const read = parse_config(toml, "vinny.toml");
  std::vector<std::string> texts;
  if (read) return texts;
  for (auto const& problem : read.error()) texts.push_back(to_string(problem));
  return texts;
}

struct row {
  std::string toml;
  std::string problem;  // its start
};

void check(std::vector<row> const& rows) {
  for (auto const& [toml, problem] : rows) {
    INFO(toml);
    auto const found = problems(toml);
    REQUIRE(found.size() == 1);
    CHECK_THAT(found[0], Catch::StartsWith(problem));
  }
}

}  // namespace

TEST_CASE("a problem is printed as file, line, key and message") {
  CHECK(to_string({"vinny.toml", 12, "http.concurency", "unknown key"}) ==
        "vinny.toml:12: http.concurency: unknown key");
  CHECK(to_string({"environment", 0, "VINNY_X", "unknown"}) == "environment: VINNY_X: unknown");
  CHECK(to_string({"a.toml", 3, "", "broken"}) == "a.toml:3: broken");
}

TEST_CASE("all problems are reported at once, in the order of their lines") {
  auto const found = problems(R"(contact = "ops@"
[http]
concurency = 3
[images]
quality = 500
x =
sizes = { main = 1 }
)");
  REQUIRE(found.size() == 5);
  CHECK_THAT(found[0], Catch::StartsWith("vinny.toml:1: contact: must be an e-mail address"));
  CHECK(found[1] == "vinny.toml:3: http.concurency: unknown key (did you mean concurrency?)");
  CHECK(found[2] == "vinny.toml:5: images.quality: must be 1 to 100, not 500");
  CHECK_THAT(found[3], Catch::StartsWith("vinny.toml:6: syntax error in column 4: "));
  CHECK(found[4] == "vinny.toml:7: images.sizes.main: must be 16 to 10000, not 1");
}

TEST_CASE("unknown keys name what may be meant") {
  check({
      {"data_dri = \"x\"", "vinny.toml:1: data_dri: unknown key (did you mean data_dir?)"},
      {"concurrency = 1",
       "vinny.toml:1: concurrency: unknown key (did you mean http.concurrency?)"},
      {"[imagse]\nx = 1", "vinny.toml:1: imagse: unknown key (did you mean images?)"},
      {"[[venues]]\ntag = \"x\"", "vinny.toml:1: venues: unknown key (did you mean venue?)"},
      {"[politeness]\ndelay = 1",
       "vinny.toml:2: politeness.delay: unknown key (did you mean "
       "delay_ms?)"},
      {"[http]\nrobots = true",
       "vinny.toml:2: http.robots: unknown key (did you mean "
       "politeness.robots?)"},
      {"[d1]\nxyzzy = 1", "vinny.toml:2: d1.xyzzy: unknown key"},
      {"[politeness.host.\"a.b\"]\nretires = 1",
       "vinny.toml:2: politeness.host.\"a.b\".retires: unknown key (did you mean retries?)"},
      {"[[venue]]\ntag = \"x\"\nsitmap = \"\"",
       "vinny.toml:3: venue.sitmap: unknown key (did you mean sitemap?)"},
  });
  CHECK(problems("[d1]\nxyzzy = 1")[0] == "vinny.toml:2: d1.xyzzy: unknown key");
}

TEST_CASE("wrong types say what is wanted and what is there") {
  check({
      {"data_dir = 1", "vinny.toml:1: data_dir: must be a string, not an integer"},
      {"http = 3", "vinny.toml:1: http: must be a table, not an integer"},
      {"[http]\nconcurrency = \"5\"",
       "vinny.toml:2: http.concurrency: must be an integer, not a"
       " string"},
      {"[http]\nconcurrency = 5.0",
       "vinny.toml:2: http.concurrency: must be an integer, not a "
       "number with a fraction"},
      {"[politeness]\nrobots = 1",
       "vinny.toml:2: politeness.robots: must be true or false, not an"
       " integer"},
      {"[http]\nports = 80", "vinny.toml:2: http.ports: must be a list, not an integer"},
      {"[http]\nports = [\n80,\n\"x\"]", "vinny.toml:4: http.ports: must be an integer"},
      {"[http]\nconnect_to = \"x\"", "vinny.toml:2: http.connect_to: must be a table"},
      {"[images]\nsizes = [500]", "vinny.toml:2: images.sizes: must be a table, not a list"},
      {"venue = \"liv\"", "vinny.toml:1: venue: must be a list, not a string"},
      {"[venue]\ntag = \"x\"", "vinny.toml:1: venue: must be written with two brackets"},
      {"venue = [1]", "vinny.toml:1: venue: must be a table, not an integer"},
      {"contact = 2027-06-12", "vinny.toml:1: contact: must be a string, not a date or time"},
      {"[politeness]\nhost = 1", "vinny.toml:2: politeness.host: must be a table"},
      {"[store]\nsecret_access_key = 1", "vinny.toml:2: store.secret_access_key: must be a string"},
  });
}

TEST_CASE("bounds are inclusive and are named") {
  check({
      {"[http]\nconcurrency = 0", "vinny.toml:2: http.concurrency: must be 1 to 1000, not 0"},
      {"[http]\nconcurrency = 1001", "vinny.toml:2: http.concurrency: must be 1 to 1000, not 1001"},
      {"[http]\nports = [65536]", "vinny.toml:2: http.ports: must be 1 to 65535, not 65536"},
      {"[http]\nports = []", "vinny.toml:2: http.ports: must name at least one port"},
      {"[politeness]\ndelay_ms = -1", "vinny.toml:2: politeness.delay_ms: must be 0 to 3600000"},
      {"[politeness.host.\"a.b\"]\nconcurrency = 0",
       "vinny.toml:2: politeness.host.\"a.b\".concurrency: must be 1 to 1000, not 0"},
      {"[images]\nmin_width = 9223372036854775807", "vinny.toml:2: images.min_width: must be 0 to"},
      {"[images]\nmax_bytes = 2048\nmin_bytes = 4096",
       "vinny.toml:2: images.max_bytes: must not be less than min_bytes"},
      {"[images]\nsizes = { a = 15 }", "vinny.toml:2: images.sizes.a: must be 16 to 10000, not 15"},
      {"[images]\nsizes = { \"A b\" = 16 }", "vinny.toml:2: images.sizes.\"A b\": a label must"},
      {"[thumbnails]\nsizes = { a = { width = 20, height = 3 } }",
       "vinny.toml:2: thumbnails.sizes.a.height: must be 16 to 10000, not 3"},
      {"[thumbnails]\nsizes = { a = { height = 30 } }",
       "vinny.toml:2: thumbnails.sizes.a: needs a width"},
      {"[captures]\ncollections = 1", "vinny.toml:2: captures.collections: unknown key"},
      {"[captures.collection.moths]\nsource = \"ftp://x/y\"",
       "vinny.toml:2: captures.collection.moths.source: must be a directory or s3://bucket/prefix"},
      {"[captures.collection.moths]\nsource = \"s3://moths/a\"",
       "vinny.toml:1: store.endpoint: is needed for a collection in a bucket"},
      {"[images]\nsizes = { a=16,b=16,c=16,d=16,e=16,f=16,g=16,h=16,i=16 }",
       "vinny.toml:2: images.sizes: must have at most 8 entries, not 9"},
  });
  CHECK(problems("[http]\nconcurrency = 1000\nports = [1, 65535]").empty());
  CHECK(problems("[images]\nsizes = { a = 16, b = 10000 }").empty());
}

TEST_CASE("syntax errors tell their line and column, and do not hide what follows") {
  check({{"contact = \"a", "vinny.toml:1: syntax error in column "},
         {"[http]\nconcurrency = 1\nconcurrency = 2", "vinny.toml:3: syntax error in column "},
         {"contact = \"\xff\"", "vinny.toml:1: syntax error in column "}});
  auto const found = problems("[http\nconcurrency = 3\n[images]\nquality = 0\n");
  REQUIRE(found.size() == 2);  // the keys under a broken header are not laid to another section
  CHECK_THAT(found[0], Catch::StartsWith("vinny.toml:1: syntax error"));
  CHECK_THAT(found[1], Catch::StartsWith("vinny.toml:4: images.quality"));
}

TEST_CASE("headers that do not start with a key are syntax errors") {
  for (auto const* toml : {"[=", "[.a]", "[[[1]]]", "[[[a]]", "[[=", "[]", "[[]]", "[ [a]]", "["}) {
    INFO(toml);
    auto const found = problems(toml);
    REQUIRE(found.size() == 1);
    CHECK_THAT(found[0], Catch::StartsWith("vinny.toml:1: syntax error in column "));
  }
}

TEST_CASE("documents that are too large or too deep are refused") {
  CHECK_THAT(problems(std::string(300'000, '#'))[0], Catch::Contains("the limit is 262144"));
  std::string dotted = "a";
  for (int i = 0; i < 5'000; ++i) dotted += ".a";
  CHECK_THAT(problems(dotted + " = 1")[0], Catch::Contains("more than 256 dots in one line"));
  CHECK_THAT(problems("x = " + std::string(5'000, '['))[0], Catch::Contains("syntax error"));
  std::string many;
  for (int i = 0; i < 100; ++i) many += "=\n";
  CHECK(problems(many).size() == 20);
}

TEST_CASE("a host that was not quoted is explained") {
  check({{"[politeness.host.cdn.example.org]\ndelay_ms = 1",
          "vinny.toml:1: politeness.host.cdn: a host name with dots must be quoted"}});
}

TEST_CASE("a secret is never part of a message") {
  std::vector<std::string> all;
  for (auto const* toml :
       {"[store]\nsecret_access_key = \"canary\\u0001\"", "[store]\nsecret_access_key = \"canary\"",
        "[store]\nendpoint = \"https://user:canary@example.org\"",
        "[store]\npublic_url = \"https://example.org/?token=canary\"",
        "[d1]\napi_token = [\"canary\"]"}) {
    INFO(toml);
    auto const found = problems(toml);
    REQUIRE(found.size() == 1);
    CHECK_THAT(found[0], !Catch::Contains("canary"));
  }
}
