// SPDX-License-Identifier: MIT
//
// D1's REST interface over SQLite in memory, with faults to order: what the wire tests publish
// to. A script may answer in its place.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <boost/json.hpp>

#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "core/digest.hpp"
#include "events/model/d1_settings.hpp"
#include "support/polite_web.hpp"

namespace vinny::test {

class fake_d1 {
 public:
  /// Called before (`applied` false) and after each query or import step was carried out, with
  /// the number of such calls so far; true: it has answered, or ended the connection.
  using fault = std::function<bool(loopback_server::visit&, int number, bool applied)>;

  explicit fake_d1(fault how = {})
      : fault_(std::move(how)), server([this](auto& visit) { answer_to(visit); }) {
    db_.exec("PRAGMA foreign_keys = ON");
  }

  [[nodiscard]] config settings() const {
    auto out = quick_config();
    out.contact.clear();  // the operator named the address: no contact is needed for it
    out.edit<d1_config>() = {.account_id = "acct",
                             .database_id = "uuid-1",
                             .api_url = "http://" + server.address() + "/client/v4",
                             .api_token = secret{token}};
    return out;
  }
  [[nodiscard]] std::string text(std::string const& sql) {
    std::scoped_lock const lock{mutex_};
    SQLite::Statement asked(db_, sql);
    return asked.executeStep() ? asked.getColumn(0).getString() : std::string{};
  }
  [[nodiscard]] int queries() const noexcept { return queries_; }
  [[nodiscard]] int imports() const noexcept { return imports_; }
  [[nodiscard]] int calls() const noexcept { return calls_; }

  static constexpr auto token = "canary-token-5521";
  std::atomic<int> polls_before_end = 1;
  std::atomic<bool> knows_files = false;  // init gives no upload_url for a known file

 private:
  static std::string success(std::string const& result) {
    return R"({"success":true,"errors":[],"messages":[],"result":)" + result + "}";
  }
  static std::string refusal(int code, std::string const& message) {
    return boost::json::serialize(boost::json::value{
        {"success", false},
        {"errors", boost::json::array{boost::json::object{{"code", code}, {"message", message}}}},
        {"result", nullptr}});
  }
  /// The error's text; empty: carried out.
  std::string apply(std::string const& sql) {
    std::scoped_lock const lock{mutex_};
    try {
      SQLite::Transaction all(db_);
      db_.exec(sql);
      all.commit();
      return {};
    } catch (SQLite::Exception const& error) {
      return error.what();
    }
  }

  void answer_to(loopback_server::visit& visit) {
    auto const& asked = visit.request;
    if (asked.method == "PUT") {
      std::scoped_lock const lock{mutex_};
      files_[asked.target] = asked.body;
      return visit.send(answer(200, "", {{"ETag", '"' + md5_hex(asked.body) + '"'}}));
    }
    if (asked.header("Authorization") != std::string{"Bearer "} + token) {
      return visit.send(answer(403, refusal(10000, "Authentication error")));
    }
    int const number = ++calls_;
    if (fault_ && fault_(visit, number, false)) return;
    auto const body = boost::json::parse(asked.body).as_object();
    auto const reply = asked.target.ends_with("/query") ? query(body) : import(body);
    if (fault_ && fault_(visit, number, true)) return;
    visit.send(reply);
  }

  std::string query(boost::json::object const& body) {
    ++queries_;
    auto const wrong = apply(std::string{body.at("sql").as_string()});
    if (!wrong.empty()) return answer(400, refusal(7500, wrong));
    return answer(200, success(R"([{"results":[],"success":true,"meta":{"rows_written":1}}])"));
  }

  std::string import(boost::json::object const& body) {
    auto const action = std::string{body.at("action").as_string()};
    if (action == "poll") {
      return answer(200, success(++polls_ < polls_before_end ? active_ : outcome_));
    }
    auto const etag = std::string{body.at("etag").as_string()};
    auto const path = "/upload/" + etag;
    if (action == "init") {
      ++imports_;
      std::scoped_lock const lock{mutex_};
      if (!knows_files || !files_.contains(path)) {
        return answer(200, success(R"({"filename":")" + etag + R"(","upload_url":"http://)" +
                                   server.address() + path + R"("})"));
      }
    }
    polls_ = 0;
    auto const wrong = apply(files_[path]);
    outcome_ = wrong.empty() ? R"({"success":true,"status":"complete","at_bookmark":"b2"})"
                             : R"({"success":true,"status":"error","errors":[")" + wrong + R"("]})";
    return answer(200, success(active_));
  }

  fault fault_;
  std::mutex mutex_;
  SQLite::Database db_{":memory:",
                       SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_FULLMUTEX};
  std::map<std::string, std::string> files_;
  std::string active_ = R"({"success":true,"status":"active","at_bookmark":"b1"})";
  std::string outcome_;
  std::atomic<int> polls_ = 0;
  std::atomic<int> queries_ = 0;
  std::atomic<int> imports_ = 0;
  std::atomic<int> calls_ = 0;

 public:
  loopback_server server;  // last: its threads use everything above
};

}  // namespace vinny::test
