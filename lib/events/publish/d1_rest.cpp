// SPDX-License-Identifier: MIT
#include "events/publish/d1_rest.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <vector>

#include "core/text.hpp"
#include "events/model/d1_settings.hpp"
#include "observe/log.hpp"
#include "policy/classify.hpp"
#include "policy/user_agent.hpp"

namespace vinny {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

// D1 gives a request 30 s; what takes longer on the way is lost.
constexpr auto longest_exchange = 100s;
constexpr std::int64_t longest_answer = 64LL << 20;

std::string import_body(std::string_view action,
                        std::vector<std::pair<std::string_view, std::string>> const& members) {
  json::object out;
  out["action"] = action;
  for (auto const& [key, value] : members) out[key] = value;
  return json::serialize(out);
}

}  // namespace

std::string missing_for_d1(d1_config const& settings) {
  std::vector<std::string_view> missing;
  if (settings.account_id.empty()) missing.emplace_back("d1.account_id (CLOUDFLARE_ACCOUNT_ID)");
  if (settings.database_id.empty()) missing.emplace_back("d1.database_id (D1_DATABASE_ID)");
  if (settings.api_token.empty()) missing.emplace_back("d1.api_token (CLOUDFLARE_API_TOKEN)");
  if (missing.empty()) return {};
  return fmt::format("publishing to D1 needs {}; docs/configuration.md tells where to set {}",
                     fmt::join(missing, ", "), missing.size() > 1 ? "them" : "it");
}

std::unique_ptr<d1_rest> d1_rest::make(config const& settings, connection_pool& pool,
                                       dialer& dial) {
  if (!missing_for_d1(settings.of<d1_config>()).empty()) return nullptr;
  auto api = url::parse(settings.of<d1_config>().api_url);
  if (!api) return nullptr;
  return std::unique_ptr<d1_rest>{new d1_rest{settings, std::move(*api), pool, dial}};
}

d1_rest::d1_rest(config const& settings, url api, connection_pool& pool, dialer& dial)
    : api_(std::move(api)),
      pool_(pool),
      dial_(dial),
      token_(settings.of<d1_config>().api_token),
      user_agent_(user_agent(settings.contact)),
      names_{settings.of<d1_config>().account_id, settings.of<d1_config>().database_id} {
  dial_.trust(api_);
}

url d1_rest::at(std::string const& path) const {
  auto base = api_.path();
  while (base.ends_with('/')) base.pop_back();
  return api_.with_path(base + path);
}

failure d1_rest::unreached(failure why) const {
  why.message = fmt::format(
      "D1 at {} did not answer: {}; check the way out (name server, proxy, "
      "firewall) and d1.api_url",
      api_.origin(), why.message);
  return why;
}

response d1_rest::without_token(response answer) const {
  // A word that short is no token of Cloudflare's, and may be one of the answer's own.
  constexpr std::size_t shortest = 16;
  if (token_.reveal().size() >= shortest) replace_all(answer.body, token_.reveal(), "<token>");
  return answer;
}

task<result<response>> d1_rest::ask(request what, deadline limit) {
  auto const until = within(longest_exchange, limit);
  for (bool again = false;; again = true) {
    auto link = again ? co_await pool_.connect(what.target, until)
                      : co_await pool_.take(what.target, until);
    if (!link) co_return std::unexpected(unreached(link.error()));
    bool const kept = !(*link).fresh();
    auto answer = co_await (**link).exchange(what, {}, until);
    // A kept connection may have died unseen; everything sent here may be sent twice.
    if (!answer && kept && answer.error().code == errc::connection_lost) continue;
    if (!answer) co_return std::unexpected(unreached(answer.error()));
    log(log_level::debug, "publish", "asked D1", field("url", what.target),
        field("status", answer->status), field("sent_bytes", what.body.size()),
        field("received_bytes", answer->body.size()));
    co_return without_token(std::move(*answer));
  }
}

task<result<response>> d1_rest::post(std::string const& path, std::string body, deadline limit) {
  request what{.method = "POST",
               .target = at(path),
               .body = std::move(body),
               .max_body = longest_answer,
               .accept_gzip = false};
  what.headers = {{"Authorization", "Bearer " + token_.reveal()},
                  {"Content-Type", "application/json"},
                  {"User-Agent", user_agent_}};
  return ask(std::move(what), limit);
}

task<result<response>> d1_rest::get(std::string const& path, deadline limit) {
  request what{.target = at(path), .max_body = longest_answer, .accept_gzip = false};
  what.headers = {{"Authorization", "Bearer " + token_.reveal()}, {"User-Agent", user_agent_}};
  return ask(std::move(what), limit);
}

task<result<d1_report>> d1_rest::query(std::string sql, deadline limit) {
  json::object body;
  body["sql"] = sql;
  auto const answer = co_await post(
      fmt::format("/accounts/{}/d1/database/{}/query", names_.account_id, names_.database_id),
      json::serialize(body), limit);
  if (!answer) co_return std::unexpected(answer.error());
  co_return read_query(*answer, names_, now());
}

task<result<d1_import>> d1_rest::import_init(std::string md5, deadline limit) {
  auto const answer = co_await post(
      fmt::format("/accounts/{}/d1/database/{}/import", names_.account_id, names_.database_id),
      import_body("init", {{"etag", md5}}), limit);
  if (!answer) co_return std::unexpected(answer.error());
  co_return read_import(*answer, names_, now());
}

task<result<>> d1_rest::import_upload(std::string upload_url, std::string file, std::string md5,
                                      deadline limit) {
  auto const target = url::parse(upload_url);
  if (!target) {
    co_return fail(errc::bad_response, "D1 named an upload address that is no URL");
  }
  // D1 names the place, not the operator: it is asked without a contact, but not at a private
  // address unless it is the API's own.
  dial_.trust(*target, dialer::guard::on);
  request what{.method = "PUT", .target = *target, .body = std::move(file), .accept_gzip = false};
  what.headers = {{"User-Agent", user_agent_}};
  auto const answer = co_await ask(std::move(what), limit);
  if (!answer) co_return std::unexpected(answer.error());
  if (answer->status < 200 || answer->status >= 300) {
    co_return fail(from_status(answer->status),
                   fmt::format("{} refused the file of an import ({})", *target, answer->status));
  }
  auto etag = answer->header("ETag");
  if (etag.starts_with("W/")) etag.remove_prefix(2);
  if (etag.size() > 2 && etag.starts_with('"')) etag = etag.substr(1, etag.size() - 2);
  if (!etag.empty() && !iequals(etag, md5)) {
    co_return fail(errc::connection_lost,
                   fmt::format("{} received other bytes than were sent", *target));
  }
  co_return result<>{};
}

task<result<d1_import>> d1_rest::import_ingest(std::string filename, std::string md5,
                                               deadline limit) {
  auto const answer = co_await post(
      fmt::format("/accounts/{}/d1/database/{}/import", names_.account_id, names_.database_id),
      import_body("ingest", {{"etag", md5}, {"filename", filename}}), limit);
  if (!answer) co_return std::unexpected(answer.error());
  co_return read_import(*answer, names_, now());
}

task<result<d1_import>> d1_rest::import_poll(std::string bookmark, deadline limit) {
  auto const answer = co_await post(
      fmt::format("/accounts/{}/d1/database/{}/import", names_.account_id, names_.database_id),
      import_body("poll", {{"current_bookmark", bookmark}}), limit);
  if (!answer) co_return std::unexpected(answer.error());
  co_return read_import(*answer, names_, now());
}

task<result<response>> d1_rest::database(deadline limit) {
  return get(fmt::format("/accounts/{}/d1/database/{}", names_.account_id, names_.database_id),
             limit);
}

task<result<response>> d1_rest::verify_user_token(deadline limit) {
  return get("/user/tokens/verify", limit);
}

task<result<response>> d1_rest::verify_account_token(deadline limit) {
  return get(fmt::format("/accounts/{}/tokens/verify", names_.account_id), limit);
}

}  // namespace vinny
