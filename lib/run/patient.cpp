// SPDX-License-Identifier: MIT
#include "run/patient.hpp"

#include <fmt/format.h>

#include <random>

#include "core/text.hpp"
#include "policy/backoff.hpp"
#include "policy/classify.hpp"
#include "policy/retry_after.hpp"

namespace vinny {

result<response> checked_status(result<response> answer) {
  if (!answer) return answer;
  auto const status = answer->status;
  if (is_success(status) || status == 304) return answer;
  auto const code = from_status(status);
  failure why{
      code, fmt::format("{}: {}", answer->final_url,
                        code == errc::http_unexpected ? fmt::format("unexpected status {}", status)
                                                      : std::string{describe(code)})};
  why.evidence = valid_utf8(clip(answer->body, 512));
  why.http_status = status;
  if (auto const at = parse_retry_after(answer->header("Retry-After"), now())) why.retry_at = *at;
  return std::unexpected(std::move(why));
}

void ask_if_changed(request& what, std::string const& etag, std::string const& last_modified) {
  if (!etag.empty()) what.headers.emplace_back("If-None-Match", etag);
  if (!last_modified.empty()) what.headers.emplace_back("If-Modified-Since", last_modified);
}

run_error to_run_error(std::string_view step, std::string const& key, std::string const& address,
                       failure const& why, int attempts) {
  return {.step = std::string{step},
          .key = valid_utf8(key),
          .url = valid_utf8(safe_url(address)),
          .reason = std::string{name(why.code)},
          .message = valid_utf8(why.message),
          .evidence = valid_utf8(clip(why.evidence, 512)),
          .attempts = attempts};
}

task<result<response>> send_patiently(run_context& context, request what) {
  return send_patiently(context.settings, context.web, context.draining, std::move(what));
}

task<result<response>> send_patiently(config const& settings, client& web,
                                      bool const& stop_requested, request what) {
  std::mt19937 random{std::random_device{}()};
  auto const politeness = settings.politeness_of(what.target.host());
  for (int attempt = 1;;) {
    auto answer = checked_status(co_await web.send(what, no_deadline));
    if (answer || classify(answer.error().code) != verdict::retry || attempt > politeness.retries ||
        stop_requested) {
      co_return answer;
    }
    bool const deferral = is_deferral(answer.error().code);
    auto pause = deferral ? std::chrono::milliseconds{0}
                          : backoff(attempt, std::uniform_real_distribution<>{0.0, 1.0}(random));
    if (!deferral) ++attempt;
    if (answer.error().retry_at) {
      pause = std::max(pause, std::chrono::milliseconds{*answer.error().retry_at - now()});
    }
    if (pause > settings.politeness.patience) co_return answer;
    co_await sleep_for(pause);
  }
}

}  // namespace vinny
