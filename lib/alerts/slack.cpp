// SPDX-License-Identifier: MIT
#include "alerts/slack.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include "core/text.hpp"
#include "policy/user_agent.hpp"

namespace vinny {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr auto longest_post = 10s;
constexpr std::int64_t longest_reply = 64 << 10;

/// What Slack's API says: {"ok":true,"ts":…} or {"ok":false,"error":"invalid_auth"}.
result<std::string> read_answer(std::string_view body) {
  boost::system::error_code error;
  auto const document = json::parse(body, error);
  auto const* const answer = error ? nullptr : document.if_object();
  if (answer == nullptr) return fail(errc::bad_response, "Slack's answer is not JSON");
  auto const text = [&](std::string_view member) {
    auto const* const found = answer->if_contains(member);
    return found != nullptr && found->is_string() ? std::string{found->get_string()}
                                                  : std::string{};
  };
  auto const* const ok = answer->if_contains("ok");
  if (ok != nullptr && ok->is_bool() && ok->get_bool()) return text("ts");
  auto const why = text("error");
  return fail(errc::http_unexpected,
              fmt::format("Slack refuses the message: {}; check slack.bot_token, slack.channel and "
                          "that the bot is in the channel",
                          why.empty() ? "it tells no reason" : printable(clip(why, 80))));
}

}  // namespace

std::string slack_text(std::string_view plain) {
  std::string out{plain};
  replace_all(out, "&", "&amp;");
  replace_all(out, "<", "&lt;");
  replace_all(out, ">", "&gt;");
  return out;
}

std::unique_ptr<slack> slack::make(config const& settings, connection_pool& pool, dialer& dial) {
  auto const& how = settings.slack;
  bool const bot = !how.bot_token.empty();
  if (!bot && how.webhook_url.empty()) return nullptr;
  auto where = url::parse(bot ? how.api_url + "/chat.postMessage" : how.webhook_url.reveal());
  if (!where) return nullptr;  // a configuration is checked before
  dial.trust(*where);
  return std::unique_ptr<slack>{new slack{settings, std::move(*where), pool}};
}

slack::slack(config const& settings, url where, connection_pool& pool)
    : where_(std::move(where)),
      pool_(pool),
      token_(settings.slack.bot_token),
      channel_(settings.slack.channel),
      user_agent_(user_agent(settings.contact)) {}

task<result<std::string>> slack::post(std::string text, std::string thread, deadline limit) {
  auto const until = within(longest_post, limit);
  bool const bot = !token_.empty();
  json::object body;
  body["text"] = slack_text(valid_utf8(text));
  if (bot) body["channel"] = channel_;
  if (bot && !thread.empty()) body["thread_ts"] = thread;
  request what{.method = "POST",
               .target = where_,
               .body = json::serialize(body),
               .max_body = longest_reply,
               .cut_body = !bot,
               .accept_gzip = false};
  what.headers = {{"Content-Type", "application/json; charset=utf-8"}, {"User-Agent", user_agent_}};
  if (bot) what.headers.emplace_back("Authorization", "Bearer " + token_.reveal());
  // The address may be the secret: of what failed on the way, only the kind is told. Always by a
  // connection of its own, since a message must not come twice.
  auto link = co_await pool_.connect(where_, until);
  if (!link) {
    co_return fail(link.error().code,
                   fmt::format("Slack was not reached: {}", describe(link.error().code)));
  }
  auto const answer = co_await (**link).exchange(what, {}, until);
  if (!answer) {
    co_return fail(answer.error().code,
                   fmt::format("Slack did not answer: {}", describe(answer.error().code)));
  }
  if (answer->status == 429 || answer->status >= 500) {
    co_return fail(errc::http_server_error,
                   fmt::format("Slack takes no message now (status {})", answer->status));
  }
  if (answer->status != 200) {
    co_return fail(errc::http_unexpected,
                   fmt::format("Slack refuses the message with status {}; check {}", answer->status,
                               bot ? "slack.bot_token" : "slack.webhook_url"));
  }
  if (!bot) co_return std::string{};
  auto told = read_answer(answer->body);
  if (!told) replace_all(told.error().message, token_.reveal(), "<token>");
  co_return told;
}

}  // namespace vinny
