// SPDX-License-Identifier: MIT
#include "library/source/lookup_service.hpp"

#include <fmt/format.h>

#include "core/text.hpp"
#include "library/model/library_settings.hpp"
#include "policy/backoff.hpp"
#include "policy/classify.hpp"
#include "policy/user_agent.hpp"

namespace vinny {
namespace {

using namespace std::chrono_literals;

// The service's own figures for a caller of class 5: it looks for 28 s, and is waited for 29 s.
constexpr auto caller_class = "5";
constexpr auto looks_for = 28'000ms;
constexpr auto longest_lookup = 29s;
constexpr auto connects_within = 5s;
constexpr std::int64_t longest_answer = 1 << 20;
constexpr int silent_in_a_row = 5;  // lookups without an answer, then nobody asks for a while
constexpr auto breaker_rest = 30s;
constexpr std::size_t shortest_token = 8;  // a shorter one may be any word of a message

/// It said nothing, as opposed to a quick "no".
bool is_silence(errc code) noexcept {
  return counts_against_host(code) && code != errc::http_server_error &&
         code != errc::http_too_many_requests;
}

}  // namespace

std::unique_ptr<lookup_service> lookup_service::make(config const& settings, connection_pool& pool,
                                                     dialer& dial) {
  if (settings.of<library_config>().lookup_url.empty()) return nullptr;
  auto where = lookup_address(settings.of<library_config>().lookup_url);
  if (!where) return nullptr;  // a configuration is checked before
  dial.trust(*where);
  return std::unique_ptr<lookup_service>{new lookup_service{settings, std::move(*where), pool}};
}

lookup_service::lookup_service(config const& settings, url where, connection_pool& pool)
    : where_(std::move(where)),
      pool_(pool),
      token_(settings.of<library_config>().api_key),
      user_agent_(user_agent(settings.contact)),
      attempts_(1 + settings.politeness.retries),
      lane_({.breaker_failures = silent_in_a_row, .breaker_rest = breaker_rest}) {}

std::optional<failure> lookup_service::blocked() const {
  auto const why = lane_.blocked(now());
  if (!why) return std::nullopt;
  failure out{
      why->reason,
      why->reason == errc::host_breaker_open
          ? fmt::format("the lookup service at {} does not answer; it is asked again at {}. "
                        "See that it runs and that library.lookup_url is right",
                        where_.origin(), to_rfc3339(why->until))
          : fmt::format("the lookup service at {} wants to be left alone until {}", where_.origin(),
                        to_rfc3339(why->until))};
  out.retry_at = why->until;
  return out;
}

failure lookup_service::without_token(failure why) const {
  if (token_.reveal().size() >= shortest_token) {
    replace_all(why.message, token_.reveal(), "<token>");
  }
  return why;
}

task<result<response>> lookup_service::exchange(library_question const& what, lookup_caller caller,
                                                deadline limit) {
  request asked{.method = "POST",
                .target = where_,
                .body = lookup_body(what),
                .max_body = longest_answer,
                .accept_gzip = false,
                .connect_time = connects_within};
  asked.headers = {{"Content-Type", "application/json"},
                   {"Accept", "application/json"},
                   {"User-Agent", user_agent_},
                   {"X-Caller-Reason", std::string{caller.reason}}};
  if (caller.patient) {
    asked.headers.emplace_back("X-Caller-Class", caller_class);
    asked.headers.emplace_back("X-Caller-Budget-Ms", std::to_string(looks_for.count()));
  }
  if (!token_.empty()) asked.headers.emplace_back("Authorization", "Bearer " + token_.reveal());
  auto const until = within(longest_lookup, limit);
  for (bool again = false;; again = true) {
    auto link = again ? co_await pool_.connect(where_, until) : co_await pool_.take(where_, until);
    if (!link) co_return std::unexpected(link.error());
    bool const kept = !(*link).fresh();
    auto answer = co_await (**link).exchange(asked, {}, until);
    // A kept connection may have died unseen; a lookup changes nothing and may be sent twice.
    if (!answer && kept && answer.error().code == errc::connection_lost) continue;
    co_return answer;
  }
}

void lookup_service::learn(result<lookup_outcome> const& outcome) {
  if (outcome || !is_silence(outcome.error().code)) {
    lane_.succeeded();
    if (!outcome && outcome.error().retry_at) lane_.cool_down(*outcome.error().retry_at);
    return;
  }
  lane_.failed(now());
}

/// A lookup that tells whether the service answers again; those that can wait wait for it.
class lookup_service::probe {
 public:
  explicit probe(lookup_service& of) : of_(of), out_(of.lane_.may_probe(now())) {
    if (!out_) return;
    of_.lane_.probe_started(now());
    of_.probing_ = true;
  }
  probe(probe const&) = delete;
  probe& operator=(probe const&) = delete;
  ~probe() { end(true); }
  void told() { end(false); }

 private:
  void end(bool abandoned) {
    if (!out_) return;
    out_ = false;
    if (abandoned) of_.lane_.probe_abandoned();
    of_.probing_ = false;
    of_.probed_.notify_all();
  }
  lookup_service& of_;
  bool out_;
};

task<result<lookup_outcome>> lookup_service::ask(library_question what, artwork_trust trust,
                                                 lookup_caller caller, deadline limit) {
  for (int attempt = 1;; ++attempt) {
    while (probing_ && caller.patient && clock::now() < limit) co_await probed_.wait(limit);
    if (auto why = blocked()) co_return std::unexpected(std::move(*why));
    probe trial{*this};
    auto answer = co_await exchange(what, caller, limit);
    auto outcome = answer ? read_lookup(*answer, what, trust, now())
                          : result<lookup_outcome>{std::unexpected(without_token(answer.error()))};
    learn(outcome);
    trial.told();
    bool const again = !outcome && caller.patient && attempt < attempts_ &&
                       classify(outcome.error().code) == verdict::retry && clock::now() < limit;
    if (!again) co_return outcome;
    if (blocked()) co_return outcome;
    auto const chance = std::uniform_real_distribution<>{0.0, 1.0}(random_);
    co_await sleep_until(within(backoff(attempt, chance), limit));
  }
}

}  // namespace vinny
