// SPDX-License-Identifier: MIT
#include "events/publish/d1_answer.hpp"

#include <catch2/catch.hpp>

#include "policy/classify.hpp"

using namespace vinny;
using namespace std::chrono_literals;

namespace {

instant const at = *from_rfc3339("2027-06-12T05:30:00Z");
d1_names const names{"acct", "uuid-1"};

response reply(int status, std::string body, header_list headers = {}) {
  return {.status = status,
          .headers = std::move(headers),
          .body = std::move(body),
          .final_url = *url::parse("https://api.test/x")};
}

std::string errors(std::string const& list) {
  return R"({"result":null,"success":false,"errors":[)" + list + R"(],"messages":[]})";
}

failure query_failure(response const& answer) {
  auto const got = read_query(answer, names, at);
  REQUIRE_FALSE(got);
  return got.error();
}

bool mentions(failure const& why, std::string_view text) {
  return why.message.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("a confirmed query tells its statements and rows") {
  auto const got = read_query(
      reply(200, R"({"success":true,"errors":[],"messages":[],"result":[)"
                 R"({"results":[],"success":true,"meta":{"rows_written":4,"duration":0.1}},)"
                 R"({"results":[],"success":true,"meta":{"rows_written":2.0}},)"
                 R"({"results":[],"success":true}]})"),
      names, at);
  REQUIRE(got);
  CHECK(got->statements == 3);
  CHECK(got->rows_written == 6);
}

TEST_CASE("every refusal has its own reason and cure") {
  struct expectation {
    int status;
    std::string body;
    errc code;
    std::string cure;
  };
  auto const e = GENERATE(values<expectation>({
      {400, errors(R"({"code":7500,"message":"UNIQUE constraint failed: events.composite_key"})"),
       errc::publish_rejected, "proto/d1.sql"},
      {400, errors(R"({"code":7500,"message":"no such table: events: SQLITE_ERROR"})"),
       errc::publish_rejected, "--full"},
      {400, errors(R"({"code":7500,"message":"table events has no column named x"})"),
       errc::publish_rejected, "new database"},
      {403, errors(R"({"code":7403,"message":"The given account is not valid"})"),
       errc::publish_credentials, "Account > D1 > Edit"},
      {403, errors(R"({"code":10000,"message":"Authentication error"})"), errc::publish_credentials,
       "d1.api_token"},
      {401, errors(R"({"code":10000,"message":"Authentication error"})"), errc::publish_credentials,
       "d1.account_id"},
      {400, errors(R"({"code":10000,"message":"Authentication error"})"), errc::publish_credentials,
       "d1.database_id"},
      {404, errors(R"({"code":7404,"message":"The database x could not be found"})"),
       errc::publish_missing, "UUID"},
      {404, errors(R"({"code":7000,"message":"No route for that URI"})"), errc::publish_missing,
       "d1.api_url"},
      {404, errors(""), errc::publish_missing, "uuid-1"},
      {429, errors(R"({"code":971,"message":"Please wait"})"), errc::http_too_many_requests,
       "slow down"},
      {429, "<html>", errc::http_too_many_requests, "slow down"},
      {500, errors(R"({"code":7500,"message":"D1 DB is overloaded"})"), errc::http_server_error,
       "sent again"},
      {503, "upstream connect error", errc::http_server_error, "503"},
      {502, "", errc::http_server_error, "502"},
      {200, "<html>hello</html>", errc::bad_json, "d1.api_url"},
      {200, "", errc::bad_json, "proxy"},
      {200, "[]", errc::bad_json, "api.test"},
      {200, R"({"hello":1})", errc::bad_json, "api.test"},
      {200, R"({"success":true})", errc::bad_json, "api.test"},
      {200, R"({"success":true,"result":{}})", errc::bad_json, "api.test"},
      {200, R"({"success":"true","result":[]})", errc::http_unexpected, "200"},
      {200, R"({"success":true,"result":[{"success":false,"error":"disk I/O"}]})",
       errc::publish_rejected, "disk I/O"},
      {200, R"({"success":true,"result":[7]})", errc::publish_rejected, ""},
      {302, "", errc::http_unexpected, "d1.api_url"},
      {403, "<html>blocked</html>", errc::http_forbidden, "d1.api_url"},
  }));
  CAPTURE(e.status, e.body);
  auto const why = query_failure(reply(e.status, e.body));
  CHECK(name(why.code) == name(e.code));
  CAPTURE(why.message);
  CHECK(mentions(why, e.cure));
  CHECK(why.message.size() < 700);
}

TEST_CASE("credentials, database and statements need the operator; the rest passes") {
  CHECK(classify(errc::publish_credentials) == verdict::halt);
  CHECK(classify(errc::publish_missing) == verdict::halt);
  CHECK(classify(errc::publish_rejected) == verdict::halt);
  CHECK(classify(errc::http_server_error) == verdict::retry);
}

TEST_CASE("Retry-After is kept") {
  auto const body = errors(R"({"code":971,"message":"wait"})");
  CHECK(query_failure(reply(429, body, {{"Retry-After", "7"}})).retry_at == at + 7s);
  CHECK(query_failure(reply(503, body, {{"retry-after", "9"}})).retry_at == at + 9s);
  CHECK_FALSE(query_failure(reply(429, body)).retry_at);
}

TEST_CASE("what a database says is quoted on one line and not at length") {
  auto const why = query_failure(reply(
      400, errors(R"({"code":7500,"message":")" + std::string(5000, 'x') + R"(\n\u0000y"})")));
  CHECK(why.message.size() < 500);
  CHECK(why.message.find('\n') == std::string::npos);
}

TEST_CASE("the steps of an import are told apart") {
  auto const step = [](std::string const& result) {
    auto const got = read_import(
        reply(200, R"({"success":true,"errors":[],"result":)" + result + "}"), names, at);
    REQUIRE(got);
    return *got;
  };
  auto const init = step(R"({"filename":"f.sql","upload_url":"https://up.test/f"})");
  CHECK(init.now == d1_import::state::upload);
  CHECK(init.filename == "f.sql");
  CHECK(init.upload_url == "https://up.test/f");
  auto const known =
      step(R"({"success":true,"status":"active","at_bookmark":"b1","type":"import"})");
  CHECK(known.now == d1_import::state::active);
  CHECK(known.bookmark == "b1");
  CHECK(step(R"({"success":true,"status":"complete","at_bookmark":"b2","result":{}})").now ==
        d1_import::state::complete);
  auto const failed = step(R"({"success":true,"status":"error","errors":["no such table: x"]})");
  CHECK(failed.now == d1_import::state::failed);
  CHECK(failed.error.find("no such table: x") != std::string::npos);
  CHECK(step(R"({"success":false,"error":"Not currently importing anything."})").now ==
        d1_import::state::gone);
  auto const refused = step(R"({"success":false,"error":"file too large"})");
  CHECK(refused.now == d1_import::state::failed);
  CHECK(refused.error == "file too large");
  CHECK_FALSE(read_import(reply(403, errors(R"({"code":7403,"message":"no"})")), names, at));
  CHECK_FALSE(read_import(reply(200, R"({"success":true,"result":[]})"), names, at));
}

TEST_CASE("a database tells its name, a token its state") {
  auto const database = read_database(
      reply(200, R"({"success":true,"result":{"uuid":"uuid-1","name":"events-db"}})"), names, at);
  REQUIRE(database);
  CHECK(*database == "events-db");
  auto const token = read_token(
      reply(
          200,
          R"({"success":true,"result":{"id":"x","status":"active","expires_on":"2027-07-01T00:00:00Z"}})"),
      names, at);
  REQUIRE(token);
  CHECK(token->status == "active");
  CHECK(token->expires_on == "2027-07-01T00:00:00Z");
  CHECK_FALSE(
      read_token(reply(401, errors(R"({"code":1000,"message":"Invalid API Token"})")), names, at));
}
