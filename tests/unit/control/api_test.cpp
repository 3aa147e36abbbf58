// SPDX-License-Identifier: MIT
#include "control/api.hpp"
#include "unit/control/desk.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json.hpp>
#include <catch2/catch.hpp>

using namespace vinny;
namespace json = boost::json;

TEST_CASE("each path answers to its methods, tells them otherwise, and all answers are hardened") {
  desk at;
  auto const [method, path, status, allow] =
      GENERATE(table<std::string, std::string, int, std::string>({
          {"GET", "/", 200, ""},
          {"HEAD", "/", 200, ""},
          {"POST", "/", 405, "GET, HEAD"},
          {"GET", "/app.js", 200, ""},
          {"GET", "/specimens.js", 200, ""},
          {"GET", "/v1/specimens", 200, ""},
          {"GET", "/app.css", 200, ""},
          {"GET", "/favicon.ico", 204, ""},
          {"GET", "/livez", 200, ""},
          {"GET", "/readyz", 200, ""},
          {"GET", "/metrics", 200, ""},
          {"GET", "/v1/openapi.json", 200, ""},
          {"GET", "/v1/status", 200, ""},
          {"GET", "/v1/hosts", 200, ""},
          {"GET", "/v1/errors", 200, ""},
          {"GET", "/v1/images", 200, ""},
          {"GET", "/v1/runs", 200, ""},
          {"HEAD", "/v1/runs", 200, ""},
          {"PUT", "/v1/runs", 405, "POST, GET, HEAD"},
          {"PATCH", "/v1/runs/x", 405, "GET, HEAD, DELETE"},
          {"OPTIONS", "/v1/status", 405, "GET, HEAD"},
          {"GET", "/v1/runs/x", 404, ""},
          {"DELETE", "/v1/runs/x", 404, ""},
          {"GET", "/v1/runs/x/events", 404, ""},
          {"GET", "/v1/runs/", 404, ""},
          {"GET", "/v1/runs/x/", 404, ""},
          {"GET", "/v1/runs//events", 404, ""},
          {"GET", "/v1", 404, ""},
          {"GET", "/v2/runs", 404, ""},
          {"GET", "/V1/runs", 404, ""},
          {"GET", "//v1/runs", 404, ""},
          {"GET", "/../etc/passwd", 404, ""},
          {"GET", "", 404, ""},
          {"POST", "/nothing", 404, ""},
      }));
  auto const answer = at.ask(method, path);
  INFO(method << ' ' << path << ": " << answer.body.substr(0, 200));
  CHECK(answer.status == status);
  CHECK(find_header(answer.headers, "Allow") == allow);
  CHECK(find_header(answer.headers, "X-Content-Type-Options") == "nosniff");
  CHECK(find_header(answer.headers, "X-Frame-Options") == "DENY");
  CHECK(std::string{find_header(answer.headers, "Content-Security-Policy")}.starts_with(
      "default-src 'none'"));
  if (status >= 400) {
    CHECK(find_header(answer.headers, "Content-Type") == "application/problem+json");
    CHECK(json::parse(answer.body).at("status") == status);
  }
}

TEST_CASE("pictures are served by their keys and by nothing else") {
  desk at;
  auto const path =
      GENERATE(as<std::string>{}, "/artists/a/b.jpg", "/artists/../vinny.sqlite", "/artists/a/..",
               "/artists/../../etc", "/artists/a/.jpg", "/artists/a/b.png", "/artists/A/b.jpg",
               "/artists/a b/c.jpg", "/artists/a/b/c.jpg", "/artists//b.jpg", "/artists/./b.jpg",
               "/artists/a/..jpg", "/artists/a/b\\c.jpg", "/artists/a/%2e%2e.jpg", "/artists/a/jpg",
               std::string("/artists/a/b\0.jpg", 17));
  INFO(path);
  CHECK(at.ask("GET", path).status == 404);
}

TEST_CASE("a run is asked for in JSON, or refused with the reason") {
  desk at;
  header_list const json_type{{"Content-Type", "application/json; charset=utf-8"}};
  CHECK(at.ask("POST", "/v1/runs", {}, {}, "{}").status == 415);
  CHECK(at.ask("POST", "/v1/runs", {}, {{"Content-Type", "text/plain"}}, "{}").status == 415);
  CHECK(at.ask("POST", "/v1/runs", {}, json_type, "nonsense").status == 400);
  auto const unknown = at.ask("POST", "/v1/runs", {}, json_type, R"({"venues":["no-such"]})");
  CHECK(unknown.status == 400);
  CHECK(unknown.body.find("no-such") != std::string::npos);
  CHECK(json::parse(at.ask("GET", "/v1/runs").body).at("runs").as_array().empty());
}

TEST_CASE("limits and offsets are numbers within bounds") {
  desk at;
  auto const [path, key, value, status] =
      GENERATE(table<std::string, std::string, std::string, int>({
          {"/v1/runs", "limit", "1000", 200},
          {"/v1/runs", "limit", "0", 200},
          {"/v1/runs", "limit", "1001", 400},
          {"/v1/runs", "limit", "-1", 400},
          {"/v1/runs", "limit", "", 400},
          {"/v1/runs", "limit", "1e3", 400},
          {"/v1/runs", "limit", " 1", 400},
          {"/v1/runs", "limit", "99999999999999999999999", 400},
          {"/v1/runs", "offset", "x", 400},
          {"/v1/images", "limit", "1001", 400},
          {"/v1/images", "offset", "7", 200},
          {"/v1/errors", "limit", "1001", 400},
          {"/v1/runs", "unknown", "x", 200},
      }));
  INFO(path << '?' << key << '=' << value);
  CHECK(at.ask("GET", path, {{key, value}}).status == status);
}

TEST_CASE("readiness tells why not; liveness does not depend on it") {
  desk at;
  at.trouble = "the disk is full";
  auto const ready = at.ask("GET", "/readyz");
  CHECK(ready.status == 503);
  CHECK(ready.body.find("the disk is full") != std::string::npos);
  CHECK_FALSE(find_header(ready.headers, "Retry-After").empty());
  CHECK(at.ask("GET", "/livez").status == 200);
  CHECK(json::parse(at.ask("GET", "/v1/status").body).at("ready") == false);
  at.trouble.reset();
  CHECK(at.ask("GET", "/readyz").status == 200);
  CHECK(at.ask("GET", "/readyz", {{"verbose", ""}}).body.find("[+]") != std::string::npos);
}

TEST_CASE("what the API refuses on TCP does not reach a handler") {
  desk at;
  // The policy has no token and no host names: nothing on TCP may pass.
  CHECK(at.ask("POST", "/v1/runs", {}, {{"Sec-Fetch-Site", "cross-site"}}, "{}").status == 403);
}
