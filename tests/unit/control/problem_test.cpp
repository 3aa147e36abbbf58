// SPDX-License-Identifier: MIT
#include "control/problem.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

using namespace vinny;
namespace json = boost::json;

TEST_CASE("a problem is an RFC 9457 document") {
  auto const answer =
      problem(409, "run_active", "a run is already active", "follow it", "active_run", "r\"1");
  CHECK(answer.status == 409);
  CHECK(find_header(answer.headers, "content-type") == "application/problem+json");
  CHECK(find_header(answer.headers, "cache-control") == "no-store");
  CHECK(json::parse(answer.body) == json::value({{"type", "urn:vinny:problem:run_active"},
                                                 {"title", "a run is already active"},
                                                 {"status", 409},
                                                 {"detail", "follow it"},
                                                 {"active_run", "r\"1"}}));
}

TEST_CASE("a problem without detail has none") {
  auto const document = json::parse(problem(404, "not_found", "nothing here").body).as_object();
  CHECK(document.size() == 3);
  CHECK_FALSE(document.contains("detail"));
}

TEST_CASE("a failure's code gives status and type, its message the detail") {
  auto const [code, status] = GENERATE(table<errc, int>({
      {errc::not_found, 404},
      {errc::run_active, 409},
      {errc::catalog_locked, 409},
      {errc::config_invalid, 400},
      {errc::bad_url, 400},
      {errc::bad_json, 400},
      {errc::cancelled, 503},
      {errc::catalog_busy, 503},
      {errc::internal, 500},
      {errc::catalog_corrupt, 500},
      {errc::disk_full, 500},
  }));
  auto const answer = problem_of({code, "what happened \x01 to <what>"});
  auto const document = json::parse(answer.body);
  CHECK(answer.status == status);
  CHECK(document.at("status") == status);
  CHECK(document.at("type") == json::value("urn:vinny:problem:" + std::string{name(code)}));
  CHECK(document.at("title") == json::value(std::string{describe(code)}));
  CHECK(document.at("detail") == "what happened \x01 to <what>");
}

TEST_CASE("every code makes a problem that clients understand") {
  for (int value = 1; value <= static_cast<int>(errc::internal); ++value) {
    auto const code = static_cast<errc>(value);
    auto const answer = problem_of({code, "why"});
    INFO(name(code));
    CHECK(answer.status >= 400);
    CHECK(answer.status <= 599);
    auto const type = std::string{json::parse(answer.body).at("type").as_string()};
    CHECK(type.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_", 18) == std::string::npos);
  }
}

TEST_CASE("documents are JSON that nobody keeps") {
  auto const answer = json_response(202, "{}");
  CHECK(answer.status == 202);
  CHECK(answer.body == "{}");
  CHECK(find_header(answer.headers, "Content-Type") == "application/json");
  CHECK(find_header(answer.headers, "Cache-Control") == "no-store");
}
