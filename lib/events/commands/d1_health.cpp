// SPDX-License-Identifier: MIT
#include "events/commands/d1_health.hpp"

#include <fmt/format.h>

#include "events/model/d1_settings.hpp"
#include "events/publish/d1_rest.hpp"

namespace vinny {
namespace {

using state = finding::state;

constexpr std::string_view make_token =
    "make one at dash.cloudflare.com > My Profile > API Tokens with Account > D1 > Edit, and set "
    "it as d1.api_token";
constexpr auto warn_before = std::chrono::days{14};

bool is_refused(errc code) noexcept {
  return code == errc::publish_credentials;
}

/// What the token is, asked as a user's and as an account's. Nothing: nobody could say.
task<std::optional<result<d1_token>>> token_of(d1_rest& rest, deadline limit) {
  std::optional<result<d1_token>> told;
  for (bool const of_user : {true, false}) {
    auto const answer = of_user ? co_await rest.verify_user_token(limit)
                                : co_await rest.verify_account_token(limit);
    if (!answer || answer->status == 404) continue;
    auto read = read_token(*answer, rest.names(), now());
    bool const good = read.has_value();
    told = std::move(read);
    if (good) break;
  }
  co_return told;
}

finding judge_token(d1_token const& token, instant at) {
  if (token.status != "active") {
    return {"d1 token", state::fail, fmt::format("the token is {}", token.status),
            std::string{make_token}};
  }
  auto const end = from_rfc3339(token.expires_on);
  if (end && *end < at + warn_before) {
    return {"d1 token", state::warn, fmt::format("the token ends on {}", token.expires_on),
            std::string{make_token}};
  }
  return {"d1 token", state::ok,
          end ? fmt::format("active until {}", token.expires_on) : std::string{"active"}, ""};
}

finding judge_refusal(std::optional<result<d1_token>> const& token, failure const& why) {
  if (token && !*token) {
    return {"d1 token", state::fail, "Cloudflare does not know the token",
            "it was mistyped or deleted: " + std::string{make_token}};
  }
  return {"d1 database", state::fail, why.message,
          "give the token Account > D1 > Edit for this very account, and compare d1.account_id "
          "and d1.database_id with `wrangler d1 list`"};
}

}  // namespace

task<> d1_health::examine(health& to) const {
  auto const rest = d1_rest::make(to.settings, to.pool, to.dial);
  auto const limit = within(to.patience);
  auto const& d1 = to.settings.of<d1_config>();
  auto& out = to.found;
  if (rest == nullptr) {
    bool const wanted = !d1.database_id.empty() || !d1.api_token.empty();
    out.push_back(wanted ? finding{"d1", state::fail, missing_for_d1(d1),
                                   "set what is missing, or take the rest out of the configuration"}
                         : finding{"d1", state::skipped,
                                   "not configured: `vinny sync` writes export.sql", ""});
    co_return;
  }
  auto const asked = now();
  auto const answer = co_await rest->database(limit);
  if (!answer) {
    out.push_back({"d1 api", state::fail, answer.error().message,
                   fmt::format("check the way out to {} (name server, proxy, firewall) and "
                               "d1.api_url",
                               safe_url(d1.api_url))});
    co_return;
  }
  to.clock_ahead = clock_ahead(*answer, asked, now());
  auto const database = read_database(*answer, rest->names(), now());
  if (!database && !is_refused(database.error().code)) {
    bool const missing = database.error().code == errc::publish_missing;
    out.push_back({missing ? "d1 database" : "d1 api", state::fail, database.error().message,
                   missing ? "`wrangler d1 list` shows the ids"
                           : "try again later; look at "
                             "www.cloudflarestatus.com"});
    co_return;
  }
  auto const token = co_await token_of(*rest, limit);
  if (!database) {
    out.push_back(judge_refusal(token, database.error()));
    co_return;
  }
  out.push_back(token && *token ? judge_token(**token, now())
                                : finding{"d1 token", state::ok, "accepted for this database", ""});
  out.push_back(
      {"d1 database", state::ok, fmt::format("{} ({})", *database, rest->names().database_id), ""});
  if (!d1.database_name.empty() && *database != d1.database_name) {
    out.back().how = state::warn;
    out.back().message += fmt::format("; d1.database_name says {}", d1.database_name);
    out.back().cure = "REST goes by the id, wrangler by the name: make both mean one database";
  }
}

}  // namespace vinny
