// SPDX-License-Identifier: MIT
#include "run/health/doctor_checks.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

#include "config/load.hpp"
#include "unit/scratch_folder.hpp"

using namespace vinny;
using namespace vinny::doctor;
using namespace std::chrono_literals;

namespace {

instant const noon = *from_rfc3339("2027-06-12T12:00:00Z");

std::optional<std::chrono::seconds> ahead(instant theirs, instant asked, instant answered) {
  response answer;
  answer.headers.emplace_back("Date", to_http_date(theirs));
  return clock_ahead(answer, asked, answered);
}

}  // namespace

TEST_CASE("a clock is judged by what a Date header can prove") {
  CHECK_FALSE(clock_ahead({}, noon, noon));
  CHECK(ahead(noon, noon, noon) == 0s);
  CHECK(ahead(noon, noon + 900ms, noon + 2s) == 0s);  // the header has no fractions
  CHECK(ahead(noon, noon - 20s, noon + 20s) == 0s);   // a slow answer proves nothing
  CHECK(ahead(noon, noon + 70s, noon + 71s) == 70s);
  CHECK(ahead(noon, noon - 71s, noon - 70s) == -70s);
  response odd;
  odd.headers.emplace_back("Date", "yesterday");
  CHECK_FALSE(clock_ahead(odd, noon, noon));
}

TEST_CASE("a clock that is a little off is a warning, one that stores refuse is red") {
  CHECK(judge_clock({}).how == finding::state::skipped);
  CHECK(judge_clock(0s).how == finding::state::ok);
  CHECK(judge_clock(-29s).how == finding::state::ok);
  CHECK(judge_clock(40s).how == finding::state::warn);
  CHECK(judge_clock(-40s).how == finding::state::warn);
  CHECK(judge_clock(-16min).how == finding::state::fail);
  CHECK(judge_clock(16min).message.find("ahead") != std::string::npos);
  CHECK(judge_clock(-16min).message.find("behind") != std::string::npos);
  CHECK_FALSE(judge_clock(16min).cure.empty());
}

TEST_CASE("every secret in a file that others may read is told of") {
  struct row {
    std::string toml;
    std::string key;
  };
  std::string const keys_of_a_store =
      "[store]\naccess_key_id = \"s3cret-s3cret\"\nsecret_access_key = \"s3cret-s3cret\"\n";
  auto const [toml, key] = GENERATE_COPY(values<row>({
      {"[d1]\napi_token = \"s3cret-s3cret\"\n", "d1.api_token"},
      {keys_of_a_store, "store.access_key_id"},
      {keys_of_a_store, "store.secret_access_key"},
      {"[slack]\nwebhook_url = \"https://hooks.example/s3cret\"\n", "slack.webhook_url"},
      {"[slack]\nbot_token = \"s3cret-s3cret\"\nchannel = \"#x\"\n", "slack.bot_token"},
      {"[library]\napi_key = \"s3cret-s3cret\"\n", "library.api_key"},
      {"[library]\ndatabase = \"postgresql://me:s3cret@db/x\"\n", "library.database"},
      {"[sentry]\ndsn = \"https://s3cret@sentry.example/1\"\n", "sentry.dsn"},
      {"[http]\nproxy = \"http://me:s3cret@proxy.example:3128\"\n", "http.proxy"},
  }));
  INFO(toml);
  scratch_folder const folder;
  auto const file = folder.path / "vinny.toml";
  put_content(file, toml);
  auto const settings = load_config({.file = file, .env = {}});
  REQUIRE(settings);
  for (bool const open : {true, false}) {
    using std::filesystem::perms;
    std::filesystem::permissions(file,
                                 open ? perms::owner_read | perms::group_read : perms::owner_read);
    findings out;
    check_configuration(*settings, out);
    REQUIRE(out.size() >= 1);
    CHECK(out[0].how == (open ? finding::state::warn : finding::state::ok));
    CHECK(out[0].message.contains(key) == open);
    CHECK_FALSE(out[0].message.contains("s3cret"));
  }
}
