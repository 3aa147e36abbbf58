// SPDX-License-Identifier: MIT
#include "alerts/sentry.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include "core/text.hpp"
#include "policy/classify.hpp"
#include "policy/user_agent.hpp"

namespace vinny {
namespace {

namespace json = boost::json;

constexpr std::int64_t longest_sentry_reply = 64 << 10;
constexpr std::size_t longest_message = 8'192;  // bytes

}  // namespace

result<sentry_address> sentry_address::from_dsn(std::string_view dsn) {
  auto const scheme = dsn.find("://");
  auto const at = dsn.find('@');
  auto const project = dsn.rfind('/');
  bool const complete = scheme != std::string_view::npos && at != std::string_view::npos &&
                        at > scheme + 3 && project != std::string_view::npos && project > at &&
                        project + 1 < dsn.size();
  if (!complete) return fail(errc::bad_url, "sentry.dsn must be https://<key>@<host>/<project>");
  auto const user = dsn.substr(scheme + 3, at - scheme - 3);
  auto where =
      url::parse(fmt::format("{}://{}/api/{}/envelope/", dsn.substr(0, scheme),
                             dsn.substr(at + 1, project - at - 1), dsn.substr(project + 1)));
  if (!where) return std::unexpected(where.error());
  return sentry_address{std::move(*where), std::string{user.substr(0, user.find(':'))}};
}

std::string sentry_envelope(error_report const& what, sentry_config const& how, instant sent_at) {
  json::object tags{{"repo", "vinny"}, {"tool", what.tool}, {"step", what.step}};
  if (!what.run_id.empty()) tags["run_id"] = what.run_id;
  json::object extra;
  for (auto const& [name, value] : what.extra) extra[name] = valid_utf8(value);
  json::object const error{{"type", what.kind},
                           {"value", clip(valid_utf8(what.message), longest_message)}};
  json::object const event{{"event_id", what.id},
                           {"timestamp", to_rfc3339(what.at)},
                           {"platform", "native"},
                           {"level", "error"},
                           {"logger", "vinny"},
                           {"release", how.release.empty() ? "vinny@" VINNY_VERSION : how.release},
                           {"environment", how.environment},
                           {"tags", tags},
                           {"exception", {{"values", json::array{error}}}},
                           {"fingerprint", json::array{what.tool, what.kind}},
                           {"extra", extra}};
  auto const body = json::serialize(event);
  json::object const head{{"event_id", what.id},
                          {"sent_at", to_rfc3339(sent_at)},
                          {"sdk", {{"name", "vinny"}, {"version", VINNY_VERSION}}}};
  json::object const item{{"type", "event"}, {"length", body.size()}};
  return json::serialize(head) + '\n' + json::serialize(item) + '\n' + body + '\n';
}

std::unique_ptr<sentry> sentry::make(config const& settings, connection_pool& pool, dialer& dial) {
  if (settings.sentry.dsn.empty()) return nullptr;
  auto to = sentry_address::from_dsn(settings.sentry.dsn.reveal());
  if (!to) return nullptr;  // a configuration is checked before
  dial.trust(to->where);
  return std::unique_ptr<sentry>{new sentry{settings, std::move(*to), pool}};
}

sentry::sentry(config const& settings, sentry_address to, connection_pool& pool)
    : to_(std::move(to)),
      how_(settings.sentry),
      user_agent_(user_agent(settings.contact)),
      pool_(pool) {}

task<result<>> sentry::send(error_report const& what, deadline limit) {
  request post{.method = "POST",
               .target = to_.where,
               .body = sentry_envelope(what, how_, now()),
               .max_body = longest_sentry_reply,
               .cut_body = true,
               .accept_gzip = false};
  post.headers = {{"Content-Type", "application/x-sentry-envelope"},
                  {"User-Agent", user_agent_},
                  {"X-Sentry-Auth",
                   fmt::format("Sentry sentry_version=7, sentry_client=vinny/{}, sentry_key={}",
                               VINNY_VERSION, to_.key)}};
  auto link = co_await pool_.take(to_.where, limit);
  auto answer = link ? co_await (**link).exchange(post, {}, limit)
                     : result<response>{std::unexpected(link.error())};
  // A kept connection may have been dead; an error that comes twice is one, by its id.
  if (link && !answer && !link->fresh()) {
    auto const fresh = co_await pool_.connect(to_.where, limit);
    if (fresh) answer = co_await (**fresh).exchange(post, {}, limit);
  }
  if (!answer) {
    co_return fail(answer.error().code, fmt::format("the service at sentry.dsn did not answer: {}",
                                                    describe(answer.error().code)));
  }
  if (is_success(answer->status)) co_return result<>{};
  co_return fail(from_status(answer->status),
                 fmt::format("the service at sentry.dsn refuses with status {}", answer->status));
}

}  // namespace vinny
