// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <set>

#include "events/model/d1_settings.hpp"
#include "events/publish/d1_export.hpp"
#include "events/publish/script.hpp"
#include "policy/classify.hpp"
#include "support/fake_d1.hpp"

using namespace vinny;
using namespace vinny::test;
using namespace std::chrono_literals;

namespace {

std::vector<change> artists(int count, int from = 0) {
  std::vector<row> rows;
  for (int i = from; i < from + count; ++i) {
    auto const id = "artist-" + std::to_string(i);
    rows.push_back({table_id::artists, {id, id, "Name " + std::to_string(i), {}, {}}});
  }
  return difference(rows, {}, true);
}

struct outcome {
  result<> ended;
  std::multiset<std::string> confirmed;
};

outcome publish(config const& settings, std::vector<change> const& changes, d1_export how = {}) {
  polite_web web{settings};
  auto const rest = d1_rest::make(web.settings, web.pool, web.dial);
  outcome out{fail(errc::config_invalid), {}};
  if (!rest) return out;  // no assertion here: it runs on two threads
  if (!how.confirm) {
    how.confirm = [&out](std::span<change const* const> done) -> task<result<>> {
      for (auto const* one : done) out.confirmed.insert(one->key);
      co_return result<>{};
    };
  }
  how.prepare = schema_sql();
  asio::co_spawn(web.loop, export_to_d1(*rest, web.cpu, changes, std::move(how)),
                 [&](std::exception_ptr const& error, result<> ended) {
                   if (error) std::rethrow_exception(error);
                   out.ended = std::move(ended);
                 });
  web.run();
  return out;
}

void check_complete(fake_d1& d1, outcome const& got, std::size_t count) {
  if (!got.ended) FAIL(got.ended.error().message);
  CHECK(got.confirmed.size() == count);
  CHECK(std::set(got.confirmed.begin(), got.confirmed.end()).size() == count);
  CHECK(d1.text("SELECT count(*) FROM artists") == std::to_string(count));
}

std::string error_body(int code) {
  return R"({"success":false,"errors":[{"code":)" + std::to_string(code) +
         R"(,"message":"said so"}],"result":null})";
}

}  // namespace

TEST_CASE("an export writes every row once, in few requests, on one connection") {
  fake_d1 d1;
  auto const changes = artists(1200);
  check_complete(d1, publish(d1.settings(), changes), 1200);
  CHECK(d1.queries() <= 5);
  CHECK(d1.server.connections() == 1);
  for (auto const& one : d1.server.seen()) {
    CHECK(one.method == "POST");
    CHECK(one.target == "/client/v4/accounts/acct/d1/database/uuid-1/query");
  }
}

TEST_CASE("whatever passes is tried again until the rows are there") {
  struct trouble {
    std::string what;
    std::function<void(loopback_server::visit&)> play;
    bool after;  // once the statements were carried out
  };
  auto const fault = GENERATE(values<trouble>({
      {"429", [](auto& v) { v.send(answer(429, error_body(971), {{"Retry-After", "1"}})); }, false},
      {"503", [](auto& v) { v.send(answer(503, error_body(7500))); }, false},
      {"500 after applying", [](auto& v) { v.send(answer(500, error_body(7500))); }, true},
      {"reset after applying", [](auto& v) { v.reset(); }, true},
      {"closed before", [](auto& v) { v.close(); }, false},
      {"reset in the middle of the answer",
       [](auto& v) {
         v.send("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"success\":");
         v.reset();
       },
       true},
      {"no JSON", [](auto& v) { v.send(answer(200, "<html>captive portal</html>")); }, false},
      {"no JSON with 502", [](auto& v) { v.send(answer(502, "<html>bad gateway</html>")); }, true},
  }));
  CAPTURE(fault.what);
  fake_d1 d1{[fault](auto& visit, int number, bool applied) {
    if (applied != fault.after || number % 2 == 0) return false;
    fault.play(visit);
    return true;
  }};
  auto const changes = artists(700);
  check_complete(d1, publish(d1.settings(), changes), 700);
}

TEST_CASE("Retry-After is waited for") {
  fake_d1 d1{[](auto& visit, int number, bool applied) {
    if (applied || number != 2) return false;
    visit.send(answer(429, error_body(971), {{"Retry-After", "2"}}));
    return true;
  }};
  auto const changes = artists(10);
  check_complete(d1, publish(d1.settings(), changes), 10);
  auto const seen = d1.server.seen();
  REQUIRE(seen.size() == 3);
  CHECK(seen[2].at - seen[1].at >= 1900ms);
}

TEST_CASE("what needs the operator ends the export at once, and nothing counts as written") {
  auto const [status, code, wanted] = GENERATE(table<int, int, errc>({
      {403, 7403, errc::publish_credentials},
      {403, 10000, errc::publish_credentials},
      {404, 7404, errc::publish_missing},
  }));
  fake_d1 d1{[answered = status, told = code](auto& visit, int, bool) {
    visit.send(answer(answered, error_body(told)));
    return true;
  }};
  auto const changes = artists(10);
  auto const got = publish(d1.settings(), changes);
  REQUIRE_FALSE(got.ended);
  CHECK(name(got.ended.error().code) == name(wanted));
  CHECK(classify(got.ended.error().code) == verdict::halt);
  CHECK(got.confirmed.empty());
  CHECK(d1.calls() == 1);
}

TEST_CASE("a wrong token is told without the token, even when the answer repeats it") {
  fake_d1 d1{[](auto& visit, int, bool) {
    visit.send(answer(403, R"({"success":false,"errors":[{"code":10000,"message":"bad token )" +
                               std::string{fake_d1::token} + R"("}]})"));
    return true;
  }};
  auto const changes = artists(1);
  auto const got = publish(d1.settings(), changes);
  REQUIRE_FALSE(got.ended);
  CHECK(got.ended.error().message.find(fake_d1::token) == std::string::npos);
  CHECK(got.ended.error().message.find("<token>") != std::string::npos);
}

TEST_CASE("a refused row is named, those before it are kept") {
  fake_d1 d1;
  auto changes = artists(900);
  change bad = changes.front();
  bad.key = "artists/clash";
  bad.value.cells[0] = "clash";  // its slug is another's: UNIQUE
  changes.insert(changes.begin() + 633, bad);
  auto const got = publish(d1.settings(), changes);
  REQUIRE_FALSE(got.ended);
  CHECK(got.ended.error().code == errc::publish_rejected);
  CHECK(got.ended.error().message.find("artists/clash") != std::string::npos);
  CHECK(got.ended.error().message.find("UNIQUE") != std::string::npos);
  CHECK(got.confirmed.size() == 633);
  CHECK(d1.text("SELECT count(*) FROM artists") == "633");
  CHECK(d1.calls() < 30);
}

TEST_CASE("a database that never recovers is given up, not asked for ever") {
  fake_d1 d1{[](auto& visit, int number, bool) {
    if (number == 1) return false;  // the tables
    visit.send(answer(500, error_body(7500)));
    return true;
  }};
  auto const changes = artists(10);
  auto const got = publish(d1.settings(), changes, {.attempts = 2});
  REQUIRE_FALSE(got.ended);
  CHECK(got.ended.error().code == errc::http_server_error);
  CHECK(got.confirmed.empty());
  CHECK(d1.calls() < 10);
}

TEST_CASE("an answer that never comes, or never ends, is a timeout; then it goes on") {
  bool const begins = GENERATE(false, true);
  fake_d1 d1{[begins](auto& visit, int number, bool applied) {
    if (!applied || number != 2) return false;
    if (begins) visit.send("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{");
    visit.wait_for_close();
    return true;
  }};
  auto settings = d1.settings();
  settings.http.first_byte_timeout = settings.http.stall_timeout = 1s;
  auto const changes = artists(400);
  check_complete(d1, publish(settings, changes), 400);
}

TEST_CASE("an export that is told to stop keeps what is confirmed") {
  fake_d1 d1;
  auto const changes = artists(3000);
  outcome got{fail(errc::internal), {}};
  bool stop = false;
  got.ended = publish(d1.settings(), changes,
                      {.stopping = [&] { return stop; },
                       .confirm = [&](std::span<change const* const> done) -> task<result<>> {
                         for (auto const* one : done) got.confirmed.insert(one->key);
                         stop = true;
                         co_return result<>{};
                       }})
                  .ended;
  REQUIRE_FALSE(got.ended);
  CHECK(got.ended.error().code == errc::cancelled);
  CHECK(got.confirmed.size() >= 10);
  CHECK(got.confirmed.size() < 3000);
  CHECK(d1.text("SELECT count(*) FROM artists") == std::to_string(got.confirmed.size()));
}

TEST_CASE("a failure to record a confirmation ends the export") {
  fake_d1 d1;
  auto const changes = artists(3000);
  auto const got =
      publish(d1.settings(), changes,
              {.confirm = [](auto) -> task<result<>> { co_return fail(errc::disk_full); }});
  REQUIRE_FALSE(got.ended);
  CHECK(got.ended.error().code == errc::disk_full);
  CHECK(d1.queries() == 2);
}

TEST_CASE("an import takes its four steps and confirms everything") {
  fake_d1 d1;
  d1.polls_before_end = 3;
  auto const changes = artists(2000);
  check_complete(d1, publish(d1.settings(), changes, {.way = d1_way::import}), 2000);
  CHECK(d1.imports() == 1);
  CHECK(d1.queries() == 1);  // the tables
  std::string methods;
  for (auto const& one : d1.server.seen()) methods += one.method.front();
  CHECK(methods == "PPPPPPP");
  for (auto const& one : d1.server.seen()) {
    if (one.method == "PUT") CHECK(one.header("Authorization").empty());
  }
}

TEST_CASE("a file that D1 knows is not sent again") {
  fake_d1 d1;
  d1.knows_files = true;
  auto const changes = artists(50);
  check_complete(d1, publish(d1.settings(), changes, {.way = d1_way::import}), 50);
  check_complete(d1, publish(d1.settings(), changes, {.way = d1_way::import}), 50);
  std::size_t puts = 0;
  for (auto const& one : d1.server.seen()) puts += one.method == "PUT" ? 1 : 0;
  CHECK(puts == 1);
}

TEST_CASE("an import that is cut off anywhere is completed") {
  int const at = GENERATE(2, 3, 4, 5);
  bool const after = GENERATE(false, true);
  fake_d1 d1{[at, after](auto& visit, int number, bool applied) {
    if (number != at || applied != after) return false;
    visit.reset();
    return true;
  }};
  CAPTURE(at, after);
  auto const changes = artists(300);
  check_complete(d1, publish(d1.settings(), changes, {.way = d1_way::import}), 300);
}

TEST_CASE("a poll that never completes falls back to queries") {
  fake_d1 d1;
  d1.polls_before_end = 1'000'000;
  auto const changes = artists(100);
  auto const began = clock::now();
  check_complete(
      d1, publish(d1.settings(), changes, {.way = d1_way::import, .import_patience = 2s}), 100);
  CHECK(clock::now() - began < 10s);
  CHECK(d1.queries() == 2);
}

TEST_CASE("an import that D1 refuses is told with the row at fault") {
  fake_d1 d1;
  auto changes = artists(100);
  change bad = changes.front();
  bad.key = "artists/clash";
  bad.value.cells[0] = "clash";
  changes.push_back(bad);
  auto const got = publish(d1.settings(), changes, {.way = d1_way::import});
  REQUIRE_FALSE(got.ended);
  CHECK(got.ended.error().message.find("artists/clash") != std::string::npos);
  CHECK(got.confirmed.size() == 100);
}

TEST_CASE("queries that do not get through fall back to an import") {
  fake_d1 d1{[](auto& visit, int number, bool) {
    if (number == 1 || !visit.request.target.ends_with("/query")) return false;
    visit.send(answer(503, error_body(7500)));
    return true;
  }};
  auto const changes = artists(100);
  check_complete(d1, publish(d1.settings(), changes, {.way = d1_way::query, .attempts = 2}), 100);
  CHECK(d1.imports() == 1);
}

TEST_CASE("two exports at once leave what each alone would") {
  fake_d1 d1;
  auto const changes = artists(800);
  outcome other{fail(errc::internal), {}};
  std::thread second{[&] { other = publish(d1.settings(), changes); }};
  auto const first = publish(d1.settings(), changes);
  second.join();
  check_complete(d1, first, 800);
  check_complete(d1, other, 800);
}

TEST_CASE("an upload address in a private network is not followed") {
  loopback_server elsewhere{[](auto& visit) { visit.send(answer(200)); }};
  fake_d1 d1{[&](auto& visit, int, bool) {
    if (!visit.request.target.ends_with("/import")) return false;
    visit.send(answer(
        200,
        R"({"success":true,"errors":[],"result":{"filename":"f","upload_url":"http://127.0.0.1:)" +
            std::to_string(elsewhere.port()) + R"(/f"}})"));
    return true;
  }};
  auto const changes = artists(5);
  check_complete(d1, publish(d1.settings(), changes, {.way = d1_way::import}), 5);
  CHECK(elsewhere.connections() == 0);
  CHECK(d1.queries() == 2);
}

TEST_CASE("D1 that is not configured says what is missing") {
  fake_d1 d1;
  auto settings = d1.settings();
  settings.edit<d1_config>().account_id.clear();
  settings.edit<d1_config>().api_token = secret{};
  polite_web web{settings};
  CHECK(d1_rest::make(web.settings, web.pool, web.dial) == nullptr);
  CHECK(missing_for_d1(settings.of<d1_config>()).find("d1.account_id") != std::string::npos);
  CHECK(missing_for_d1(settings.of<d1_config>()).find("d1.api_token") != std::string::npos);
  CHECK(missing_for_d1(settings.of<d1_config>()).find("database_id") == std::string::npos);
}
