// SPDX-License-Identifier: MIT
//
// Messages to a Slack channel: by an incoming webhook, or by a bot, which answers in a thread under
// its first message. Webhook and token are secrets: no failure repeats them.
// Source: Slack's documentation of incoming webhooks and of chat.postMessage.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "config/config.hpp"
#include "http/connection/pool.hpp"

namespace vinny {

class slack {
 public:
  /// Null when no [slack] is configured. Lets `dial` connect there without questions: the operator
  /// named it. `pool` must outlive it.
  [[nodiscard]] static std::unique_ptr<slack> make(config const& settings, connection_pool& pool,
                                                   dialer& dial);

  /// Posts plain text; `thread` is what an earlier post gave, or empty. Gives the thread that
  /// further messages may go to; empty for a webhook. Waits 10 s at most.
  [[nodiscard]] task<result<std::string>> post(std::string text, std::string thread,
                                               deadline limit);

 private:
  slack(config const& settings, url where, connection_pool& pool);

  url where_;
  connection_pool& pool_;
  secret token_;         // empty: by webhook
  std::string channel_;  // of the bot
  std::string user_agent_;
};

/// The text with what is markup to Slack made plain.
[[nodiscard]] std::string slack_text(std::string_view plain);

}  // namespace vinny
