// SPDX-License-Identifier: MIT
#include "control/answers/run_request.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "events/stages/sync_job.hpp"
#include "library/stages/library_job.hpp"

using namespace vinny;

namespace {

/// The request of a run over events.
result<sync_request> sync_of(std::string_view body) {
  auto const asked = parse_run_request(body);
  if (!asked) return std::unexpected(asked.error());
  auto const* const sync = dynamic_cast<sync_job const*>(asked->get());
  REQUIRE(sync != nullptr);
  return sync->wish;
}

}  // namespace

TEST_CASE("an empty object asks for everything") {
  auto const all = sync_of("{}");
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
  auto const got =
      sync_of(R"({"pipeline":"sync","steps":["images","scrape"],"venues":["liv","xs"],"full":true,)"
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
  auto const got = sync_of(R"({"steps":[")" + step + R"("]})");
  REQUIRE(got);
  CHECK(got->pipeline() == step);
  CHECK(got->scrape + got->images + got->upload + got->publish == 1);
}

TEST_CASE("null and false are as if they were not there") {
  auto const got =
      sync_of(R"({"run":null,"full":false,"local":false,"venues":[],"pipeline":"sync"})");
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

TEST_CASE("each kind of run reads its own members and lets be those of others") {
  auto const backfill = parse_run_request(
      R"({"pipeline":"library-backfill","batch_size":7,"partition":"1/3","full":true,"steps":[]})");
  REQUIRE(backfill);
  auto const* const asked = dynamic_cast<backfill_job const*>(backfill->get());
  REQUIRE(asked != nullptr);
  CHECK(asked->wish.batch_size == 7);
  CHECK(asked->wish.part.count == 3);
}

TEST_CASE("what a run's record keeps asks for the same run again") {
  for (auto const* const body :
       {R"({"steps":["images","upload"],"venues":["liv"],"force":true})",
        R"({"pipeline":"specimens-ingest","list":"/a/list.zip","reset":true})",
        R"({"pipeline":"specimens-download"})",
        R"({"pipeline":"captures-sync","collections":["moths"],"full":true})",
        R"({"pipeline":"verify"})", R"({"pipeline":"library-import","files":["/a","/b"]})",
        R"({"pipeline":"library-backfill","throttle_ms":0,"recheck":true})",
        R"({"pipeline":"library-artist-names","batch_size":3})"}) {
    INFO(body);
    auto const first = parse_run_request(body);
    REQUIRE(first);
    auto const document = request_document(**first);
    auto const again = parse_run_request(boost::json::serialize(document));
    REQUIRE(again);
    CHECK(request_document(**again) == document);
  }
}
