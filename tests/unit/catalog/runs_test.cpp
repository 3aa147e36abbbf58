// SPDX-License-Identifier: MIT
#include "catalog/runs.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "unit/catalog/catalog_fixture.hpp"

using namespace vinny;

namespace {

run_record a_run(std::string id, run_state state = run_state::queued) {
  run_record out;
  out.id = std::move(id);
  out.pipeline = "sync";
  out.params = R"({"full":true})";
  out.state = state;
  out.created_at = "2027-06-0" + out.id;
  return out;
}

}  // namespace

TEST_CASE("a run comes back as it was recorded, every count of it") {
  memory_catalog c;
  auto run = a_run("1");
  add_run(c.db, run);
  auto found = find_run(c.db, "1");
  REQUIRE(found);
  CHECK(found->pipeline == "sync");
  CHECK(found->params == run.params);
  CHECK(found->state == run_state::queued);
  CHECK(found->created_at == run.created_at);
  CHECK(found->started_at.empty());
  CHECK(found->finished_at.empty());

  run.state = run_state::partial;
  run.started_at = "s";
  run.finished_at = "f";
  run.error = "two pages failed";
  std::int64_t value = 1'000'000'000'000;
  for (auto const& one : all_counters()) run.counts.set(one.name, ++value);
  update_run(c.db, run);
  found = find_run(c.db, "1");
  REQUIRE(found);
  CHECK(found->state == run_state::partial);
  CHECK(found->started_at == "s");
  CHECK(found->finished_at == "f");
  CHECK(found->error == "two pages failed");
  for (auto const& one : all_counters()) {
    CAPTURE(one.name);
    CHECK(found->counts[one.name] == run.counts[one.name]);
  }
  CHECK_FALSE(find_run(c.db, "2"));
}

TEST_CASE("counts that cannot be read are zero") {
  memory_catalog c;
  add_run(c.db, a_run("1"));
  for (char const* const text : {"", "[]", "{\"events\": \"many\"}", "{broken"}) {
    c.db.execute("UPDATE runs SET counts = ?", text);
    CHECK(find_run(c.db, "1")->counts["events"] == 0);
  }
  c.db.execute("UPDATE runs SET counts = ?", R"({"events": 7, "unknown": 8})");
  CHECK(find_run(c.db, "1")->counts["events"] == 7);
}

TEST_CASE("runs are listed newest first") {
  memory_catalog c;
  for (char const* const id : {"2", "1", "3"}) add_run(c.db, a_run(id, run_state::done));
  std::string ids;
  for (auto const& run : list_runs(c.db, 2)) ids += run.id;
  CHECK(ids == "32");
  CHECK(active_runs(c.db).empty());
  for (char const* const id : {"5", "4"}) add_run(c.db, a_run(id, run_state::running));
  auto const active = active_runs(c.db);
  REQUIRE(active.size() == 2);
  CHECK(active.front().id == "4");
}

TEST_CASE("runs that a crash cut off are closed as failed, others are left alone") {
  memory_catalog c;
  add_run(c.db, a_run("1", run_state::done));
  add_run(c.db, a_run("2", run_state::queued));
  add_run(c.db, a_run("3", run_state::running));
  add_run(c.db, a_run("4", run_state::cancelled));
  CHECK(close_cut_off_runs(c.db, "now") == 2);
  CHECK(active_runs(c.db).empty());
  for (char const* const id : {"2", "3"}) {
    auto const run = find_run(c.db, id);
    REQUIRE(run);
    CHECK(run->state == run_state::failed);
    CHECK(run->finished_at == "now");
    CHECK_FALSE(run->error.empty());
  }
  CHECK(find_run(c.db, "1")->state == run_state::done);
  CHECK(find_run(c.db, "4")->state == run_state::cancelled);
  CHECK(close_cut_off_runs(c.db, "later") == 0);
}

TEST_CASE("errors are kept by run and listed") {
  memory_catalog c;
  for (int i = 1; i <= 3; ++i) {
    add_run_error(c.db, i < 3 ? "1" : "2",
                  {.step = "images",
                   .key = "k" + std::to_string(i),
                   .url = "https://example.org/",
                   .reason = "http_not_found",
                   .message = "it's gone",
                   .evidence = "<html>",
                   .attempts = i},
                  "2027-06-0" + std::to_string(i));
  }
  auto const mine = errors_of(c.db, "1", 10);
  REQUIRE(mine.size() == 2);
  CHECK(mine[0].step == "images");
  CHECK(mine[0].key == "k1");
  CHECK(mine[0].url == "https://example.org/");
  CHECK(mine[0].reason == "http_not_found");
  CHECK(mine[0].message == "it's gone");
  CHECK(mine[0].evidence == "<html>");
  CHECK(mine[1].attempts == 2);
  CHECK(errors_of(c.db, "1", 1).size() == 1);
  CHECK(errors_of(c.db, "9", 10).empty());
  auto const recent = recent_errors(c.db, 2);
  REQUIRE(recent.size() == 2);
  CHECK(recent[0].key == "k3");
  CHECK(recent[1].key == "k2");
}

TEST_CASE("old runs and their errors are forgotten, an active one never") {
  memory_catalog c;
  add_run(c.db, a_run("1", run_state::done));
  add_run(c.db, a_run("2", run_state::running));
  add_run(c.db, a_run("5", run_state::done));
  add_run_error(c.db, "1", {}, "2027-06-01");
  add_run_error(c.db, "5", {}, "2027-06-05");
  forget_runs(c.db, "2027-06-04");
  CHECK_FALSE(find_run(c.db, "1"));
  CHECK(find_run(c.db, "2"));
  CHECK(find_run(c.db, "5"));
  CHECK(recent_errors(c.db, 10).size() == 1);
}
