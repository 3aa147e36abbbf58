// SPDX-License-Identifier: MIT
#include "events/publish/wrangler.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace vinny;

namespace {

d1_config d1_settings() {
  return {.account_id = "acct",
          .database_id = "uuid-1",
          .database_name = "events-db",
          .api_url = "https://api.test/v4",
          .api_token = secret{"canary-77"}};
}

failure failed(int code, std::string out, std::string err = {}) {
  auto const got = read_wrangler({.exit_code = code, .out = std::move(out), .err = std::move(err)},
                                 d1_settings());
  REQUIRE_FALSE(got);
  return got.error();
}

std::string error_json(std::string const& text) {
  return R"({"error":{"text":")" + text + R"("}})";
}

}  // namespace

TEST_CASE("the token goes into the environment of a remote call and nowhere else") {
  std::map<std::string, std::string> const ours{{"PATH", "/usr/bin"},
                                                {"HOME", "/home/x"},
                                                {"R2_SECRET_ACCESS_KEY", "canary-78"},
                                                {"VINNY_D1_API_TOKEN", "canary-79"}};
  auto const remote = wrangler_environment(d1_settings(), false, ours);
  CHECK(remote.at("CLOUDFLARE_API_TOKEN") == "canary-77");
  CHECK(remote.at("CLOUDFLARE_ACCOUNT_ID") == "acct");
  CHECK(remote.at("CLOUDFLARE_API_BASE_URL") == "https://api.test/v4");
  CHECK(remote.at("PATH") == "/usr/bin");
  CHECK_FALSE(remote.contains("R2_SECRET_ACCESS_KEY"));
  CHECK_FALSE(remote.contains("VINNY_D1_API_TOKEN"));
  CHECK_FALSE(wrangler_environment(d1_settings(), true, ours).contains("CLOUDFLARE_API_TOKEN"));
  for (bool const local : {false, true}) {
    wrangler_job const job{.local = local, .folder = "/d/wrangler", .script = "/d/wrangler/x.sql"};
    auto const arguments = wrangler_arguments(d1_settings(), job);
    CHECK(std::ranges::count(arguments, local ? "--local" : "--remote") == 1);
    CHECK(std::ranges::count(arguments, local ? "--remote" : "--local") == 0);
    for (auto const& one : arguments) CHECK(one.find("canary") == std::string::npos);
  }
  CHECK(wrangler_config(d1_settings()).find("canary") == std::string::npos);
  CHECK(wrangler_config(d1_settings()).find("database_id = \"uuid-1\"") != std::string::npos);
}

TEST_CASE("what wrangler says becomes a reason with a cure") {
  auto const read = [](std::string const& out) {
    return read_wrangler({.out = out, .err = {}}, d1_settings());
  };
  CHECK(read(R"(news\n[{"results":[],"success":true,"meta":{}},{"success":true}])"));
  // It must say so itself: an exit code is no confirmation of rows.
  for (std::string const out : {"", "anything", "[]", R"([{"results":[],"success":false}])",
                                R"([{"success":true},{"results":[]}])"}) {
    INFO(out);
    REQUIRE_FALSE(read(out));
    CHECK(read(out).error().code == errc::publish_tool);
  }
  CHECK(failed(1, error_json("no such table: events: SQLITE_ERROR")).code ==
        errc::publish_rejected);
  CHECK(failed(1, error_json("Authentication error [code: 10000]")).code ==
        errc::publish_credentials);
  CHECK(failed(1, error_json("In a non-interactive environment, it's necessary to set a "
                             "CLOUDFLARE_API_TOKEN environment variable"))
            .code == errc::publish_credentials);
  CHECK(failed(1, error_json("Couldn't find a D1 DB with the name or binding 'x'")).code ==
        errc::publish_missing);
  auto const other = failed(1, "npm warn {odd}\n" + error_json("the dog ate it"));
  CHECK(other.code == errc::publish_tool);
  CHECK(other.message.find("the dog ate it") != std::string::npos);
  CHECK(failed(137, "", "").message.find("137") != std::string::npos);
  CHECK(failed(1, "", "plain words\nmore").message.find("plain words more") != std::string::npos);
  auto const long_one = failed(1, std::string(100'000, '{'));
  CHECK(long_one.message.size() < 500);
}

TEST_CASE("a token that wrangler repeats is taken out") {
  auto const why = failed(1, error_json("bad canary-77 and canary-77"));
  CHECK(why.message.find("canary") == std::string::npos);
}
