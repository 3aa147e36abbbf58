// SPDX-License-Identifier: MIT
#include "control/api.hpp"

#include <catch2/catch.hpp>

using namespace vinny;

TEST_CASE("an empty object asks for everything") {
  auto const all = parse_run_request("{}");
  REQUIRE(all);
  CHECK(all->scrape);
  CHECK(all->images);
  CHECK(all->upload);
  CHECK(all->publish);
  CHECK(all->venues.empty());
  CHECK(all->reuse.empty());
  CHECK_FALSE((all->full || all->local || all->force || all->validate));
  CHECK_FALSE((all->execute || all->use_wrangler));
  CHECK(all->pipeline() == "sync");
}

TEST_CASE("every member is taken over") {
  auto const got = parse_run_request(
      R"({"pipeline":"sync","steps":["images","scrape"],"venues":["liv","xs"],"full":true,)"
      R"("run":"latest","local":true,"force":true,"validate":true,)"
      R"("execute":true,"use_wrangler":true})");
  REQUIRE(got);
  CHECK(got->scrape);
  CHECK(got->images);
  CHECK_FALSE(got->upload);
  CHECK_FALSE(got->publish);
  CHECK(got->venues == std::vector<std::string>{"liv", "xs"});
  CHECK(got->reuse == "latest");
  CHECK((got->full && got->local && got->force && got->validate));
  CHECK((got->execute && got->use_wrangler));
}

TEST_CASE("one step is a pipeline by its name") {
  auto const step = GENERATE(as<std::string>{}, "scrape", "images", "upload", "publish");
  auto const got = parse_run_request(R"({"steps":[")" + step + R"("]})");
  REQUIRE(got);
  CHECK(got->pipeline() == step);
  CHECK(got->scrape + got->images + got->upload + got->publish == 1);
}

TEST_CASE("null and false are as if they were not there") {
  auto const got =
      parse_run_request(R"({"run":null,"full":false,"local":false,"venues":[],"pipeline":"sync"})");
  REQUIRE(got);
  CHECK(got->reuse.empty());
  CHECK_FALSE(got->full);
  CHECK(got->venues.empty());
}

TEST_CASE("what does not fit is refused, and the member is named") {
  std::string many = R"({"venues":["v")";
  for (int i = 0; i < 256; ++i) many += R"(,"v")";
  many += "]}";
  auto const [body, named] = GENERATE_COPY(table<std::string, std::string>({
      {"", "JSON"},
      {"nonsense", "JSON"},
      {"{", "JSON"},
      {"{}{}", "JSON"},
      {R"({"full":true,})", "JSON"},
      {R"({'full':true})", "JSON"},
      {std::string(200, '['), "JSON"},
      {std::string("{\"full\":\xff}"), "JSON"},
      {"null", "object"},
      {"[]", "object"},
      {R"("sync")", "object"},
      {"1", "object"},
      {R"({"pipeline":"scrape"})", "pipeline"},
      {R"({"pipeline":null})", "pipeline"},
      {R"({"pipeline":["sync"]})", "pipeline"},
      {R"({"steps":[]})", "steps"},
      {R"({"steps":null})", "steps"},
      {R"({"steps":"scrape"})", "steps"},
      {R"({"steps":["dance"]})", "steps"},
      {R"({"steps":["Scrape"]})", "steps"},
      {R"({"steps":["scrape",1]})", "steps"},
      {R"({"steps":[["scrape"]]})", "steps"},
      {R"({"venues":"liv"})", "venues"},
      {R"({"venues":[1]})", "venues"},
      {R"({"venues":[null]})", "venues"},
      {R"({"venues":{}})", "venues"},
      {many, "venues"},
      {R"({"run":1})", "run"},
      {R"({"run":true})", "run"},
      {R"({"run":"012345678901234567890123456789012"})", "run"},
      {R"({"full":1})", "full"},
      {R"({"full":"true"})", "full"},
      {R"({"full":null})", "full"},
      {R"({"local":0})", "local"},
      {R"({"force":[]})", "force"},
      {R"({"validate":{}})", "validate"},
      {R"({"Full":true})", "Full"},
      {R"({"execute":1})", "execute"},
      {R"({"use_wrangler":"yes"})", "use_wrangler"},
      {R"({"":true})", "''"},
  }));
  auto const got = parse_run_request(body);
  INFO(body.substr(0, 80));
  REQUIRE_FALSE(got);
  CHECK(got.error().code == errc::bad_json);
  CHECK(got.error().message.find(named) != std::string::npos);
}

TEST_CASE("a message does not repeat a huge member name") {
  auto const got = parse_run_request("{\"" + std::string(50'000, 'x') + "\":1}");
  REQUIRE_FALSE(got);
  CHECK(got.error().message.size() < 500);
}
