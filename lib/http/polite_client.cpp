// SPDX-License-Identifier: MIT
#include "http/polite_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/text.hpp"
#include "http/inflate.hpp"
#include "observe/log.hpp"
#include "observe/names.hpp"
#include "policy/classify.hpp"
#include "policy/image_host.hpp"
#include "policy/retry_after.hpp"
#include "policy/user_agent.hpp"
#include "task/offload.hpp"

namespace vinny {
namespace {

using namespace std::chrono_literals;

// Between our write and the host's read lies what we cannot see: a connection to accept, a busy
// process to wake. The next request waits this much longer, or until the first byte of the answer
// proves that this one has arrived.
constexpr auto arrival_slack = 20ms;
// A host that says 429 or 503 without saying for how long.
constexpr auto rest_without_word = 2s;
constexpr auto longest_rest_without_word = 60s;

// Who would wait longer in a host's line comes back later, and leaves its place to others.
constexpr auto longest_line = 6s;

constexpr std::int64_t max_robots_bytes = 1024 * 1024;

bool is_redirect(int status) noexcept {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// Nothing was sent, and nothing is to be said of the host: a deferral.
failure out_of_time(url const& target) {
  failure why{errc::host_cooling_down, fmt::format("{}: its turn did not come in time", target)};
  why.retry_at = now() + 1s;
  return why;
}

/// They were meant for the origin that was asked, not for where it sends us.
void drop_credentials(header_list& headers) {
  std::erase_if(headers, [](auto const& field) {
    return iequals(field.first, "Authorization") || iequals(field.first, "Cookie");
  });
}

/// Waits for the host's turn; false when the deadline comes first.
task<bool> turn_comes(host_lane const& host, deadline limit) {
  for (;;) {
    auto const at = clock::now();
    if (at >= limit) co_return false;
    auto const turn = host.next_start(at);
    if (turn <= at) co_return true;
    // What may be slack is looked at again: an answer has proved it needless by then.
    co_await sleep_until(std::min(turn - at > arrival_slack ? turn - arrival_slack : turn, limit));
  }
}

/// The host answered; only the answer could not be used.
bool answered_all_the_same(errc code) noexcept {
  return code == errc::body_too_large || code == errc::bad_encoding;
}

/// Also a redirect or a 404: of the host's own state it says the same.
bool is_well(int status) noexcept {
  return status != 429 && status < 500;
}

bool wants_rest(int status) noexcept {
  return status == 429 || status == 503;
}

/// now() drops what is below a millisecond; the rest must not be shorter for it.
std::optional<instant> asked_rest(std::string_view retry_after) {
  return parse_retry_after(retry_after, now() + 1ms);
}

/// A probe that ends without news of the host leaves the next request free to be one.
class probe_guard {
 public:
  explicit probe_guard(host_lane* lane) : lane_(lane) {}
  probe_guard(probe_guard const&) = delete;
  probe_guard& operator=(probe_guard const&) = delete;
  ~probe_guard() {
    if (lane_ != nullptr) lane_->probe_abandoned();
  }
  void told() noexcept { lane_ = nullptr; }

 private:
  host_lane* lane_;
};

/// Where a redirect leads, if it may be followed.
result<url> next_hop(response const& answer, url const& from) {
  auto const location = answer.header("Location");
  if (location.empty()) {
    failure why{errc::http_unexpected,
                fmt::format("{}: status {} without a Location", from, answer.status)};
    why.http_status = answer.status;
    return std::unexpected(std::move(why));
  }
  auto next = from.resolve(location);
  if (!next) return next;
  if (from.is_https() && !next->is_https()) {
    return fail(errc::redirect_downgrade,
                fmt::format("{} redirects to {} without TLS", from, *next));
  }
  return next;
}

}  // namespace

polite_client::polite_client(config const& settings, connection_pool& pool, asio::thread_pool& cpu,
                             host_memory* memory)
    : settings_(settings),
      pool_(pool),
      cpu_(cpu),
      user_agent_(user_agent(settings.contact)),
      permits_(settings.http.concurrency),
      lanes_(settings, memory),
      robots_(memory) {}

task<result<response>> polite_client::send(request what, deadline limit) {
  what.headers.emplace_back("User-Agent", user_agent_);
  auto const max_body = what.overflow ? std::min(what.max_body, most_encoded) : what.max_body;
  co_return co_await decoded(co_await follow(std::move(what), rules::obey, limit), max_body);
}

task<result<response>> polite_client::decoded(result<response> answer, std::int64_t max_body) {
  if (!answer) co_return answer;
  auto const encoding = trim(answer->header("Content-Encoding"));
  if (encoding.empty() || iequals(encoding, "identity") || answer->body.empty()) co_return answer;
  if (!iequals(encoding, "gzip") && !iequals(encoding, "x-gzip") && !iequals(encoding, "deflate")) {
    co_return fail(errc::bad_encoding, fmt::format("{}: Content-Encoding '{}' was not asked for",
                                                   answer->final_url, clip(encoding, 40)));
  }
  auto plain = co_await offload(
      cpu_, [body = std::move(answer->body), max_body] { return inflate_bounded(body, max_body); });
  if (!plain) {
    co_return fail(plain.error().code,
                   fmt::format("{}: {}", answer->final_url, plain.error().message));
  }
  answer->body = std::move(*plain);
  co_return answer;
}

task<result<response>> polite_client::follow(request what, rules robots, deadline limit) {
  std::set<url> seen{what.target};
  for (int hop = 0;; ++hop) {
    auto& host = lanes_.of(what.target.host());
    if (robots == rules::obey) {
      if (auto const may = co_await allowed(what, host, limit); !may) {
        co_return std::unexpected(may.error());
      }
    }
    // Only at the first hop: who has begun a chain would else begin it again for ever.
    if (hop == 0) {
      if (auto const line = line_is_short(what.target, host); !line) {
        co_return std::unexpected(line.error());
      }
    }
    auto answer = co_await take_turn(what, host, limit);
    if (!answer || !is_redirect(answer->status)) co_return answer;
    auto next = next_hop(*answer, what.target);
    if (!next) co_return std::unexpected(next.error());
    if (hop >= settings_.http.max_redirects || !seen.insert(*next).second) {
      co_return fail(errc::too_many_redirects,
                     fmt::format("{}: {} redirects, or a loop", what.target, hop + 1));
    }
    if (next->origin() != what.target.origin()) drop_credentials(what.headers);
    what.target = std::move(*next);
  }
}

task<result<response>> polite_client::fetch_robots(url robots_txt, deadline limit) {
  // RFC 9309, section 2.5: of a longer one, the beginning counts.
  request ask{.target = std::move(robots_txt),
              .max_body = max_robots_bytes,
              .cut_body = true,
              .accept_gzip = false};
  ask.headers.emplace_back("User-Agent", user_agent_);
  co_return co_await decoded(co_await follow(std::move(ask), rules::ignore, limit),
                             max_robots_bytes);
}

task<result<>> polite_client::allowed(request const& what, lane& host, deadline limit) {
  auto const& target = what.target;
  if (!host_allowed(target.host(), what.hosts)) {
    co_return fail(errc::blocked_host, fmt::format("{}: '{}' is not among the venue's image_hosts",
                                                   target, target.host()));
  }
  if (!host.limits.robots) co_return result<>{};
  auto const fetch = [this, limit](url robots_txt) {
    return fetch_robots(std::move(robots_txt), limit);
  };
  auto const found = co_await robots_.rules(target, fetch, limit);
  if (!found) co_return std::unexpected(found.error());
  host.state.set_crawl_delay((*found)->crawl_delay(robots_product));
  if ((*found)->allowed(robots_product, target.target())) co_return result<>{};
  instruments::global().robots_denied.add();
  co_return fail(errc::robots_denied, fmt::format("{}: robots.txt forbids it", target));
}

result<> polite_client::must_rest(url const& target, lane const& host) const {
  auto const block = host.state.blocked(now());
  if (!block) return {};
  failure why{block->reason, fmt::format("{}: {} (until {})", target, describe(block->reason),
                                         to_rfc3339(block->until))};
  why.retry_at = block->until;
  return std::unexpected(std::move(why));
}

result<> polite_client::line_is_short(url const& target, lane const& host) const {
  auto const at = clock::now();
  auto const in_line = static_cast<int>(host.gate.waiting()) + (host.gate.free() > 0 ? 0 : 1);
  auto const ahead = in_line * host.state.delay();
  auto const wait = host.state.next_start(at) - at + ahead;
  if (wait <= longest_line) return {};
  failure why{errc::host_cooling_down,
              fmt::format("{}: its turn is in {} s", target,
                          std::chrono::ceil<std::chrono::seconds>(wait).count())};
  why.retry_at = now() + std::chrono::ceil<std::chrono::milliseconds>(wait);
  return std::unexpected(std::move(why));
}

task<result<response>> polite_client::take_turn(request const& what, lane& host, deadline limit) {
  for (bool again = false;;) {
    auto gate = co_await host.gate.acquire(limit);
    if (!gate) co_return std::unexpected(out_of_time(what.target));
    if (auto const rest = must_rest(what.target, host); !rest) {
      co_return std::unexpected(rest.error());
    }
    if (!co_await turn_comes(host.state, limit)) {
      co_return std::unexpected(out_of_time(what.target));
    }
    auto const slot = co_await host.slots.acquire(limit);
    auto const permit = slot ? co_await permits_.acquire(limit) : semaphore::permit{};
    std::shared_ptr<void> room;
    if (permit && what.admit) room = co_await what.admit(limit);
    if (!permit || (what.admit && !room)) co_return std::unexpected(out_of_time(what.target));

    auto total = within(settings_.http.total_timeout, limit);
    auto const reached = what.connect_time.count() > 0 ? within(what.connect_time, total) : total;
    auto link = again ? co_await pool_.connect(what.target, reached)
                      : co_await pool_.take(what.target, reached);
    if (what.read_time.count() > 0) total = within(what.read_time, total);
    if (!link) {
      result<response> const unreached = std::unexpected(link.error());
      co_await learn(what.target, host, unreached);
      co_return unreached;
    }
    // While we waited, another answer may have moved the pace or asked for silence. From here to
    // the write nothing waits.
    if (!co_await turn_comes(host.state, total)) {
      co_return std::unexpected(out_of_time(what.target));
    }
    if (auto const rest = must_rest(what.target, host); !rest) {
      co_return std::unexpected(rest.error());
    }
    bool const probing = host.state.may_probe(now());
    if (probing) host.state.probe_started(now());
    probe_guard guard{probing ? &host.state : nullptr};

    auto const began = clock::now();
    bool answered = false;
    auto written = began;
    std::uint64_t mine = 0;
    exchange_hooks const hooks{.written =
                                   [&] {
                                     written = clock::now();
                                     host.state.started(written, arrival_slack);
                                     mine = ++host.starts;
                                     gate.release();
                                   },
                               .head =
                                   [&](int status, std::string_view retry_after) {
                                     answered = true;
                                     auto const at = clock::now();
                                     host.state.answered(at - written, is_well(status), at);
                                     // Of the latest only: it tells nothing of one sent after it.
                                     if (mine == host.starts) host.state.arrived(at);
                                     if (wants_rest(status)) {
                                       if (auto const until = asked_rest(retry_after)) {
                                         host.state.cool_down(*until);
                                       }
                                     }
                                   }};
    auto answer = co_await (*link)->exchange(what, hooks, total);
    instruments::global().fetched(answer ? answer->status : 0, clock::now() - began,
                                  answer ? answer->received() : 0);
    if (answer) answer->room = std::move(room);
    // A kept connection that the host had closed meanwhile says nothing about the host.
    bool const was_dead = !answer && !answered && !link->fresh() && !again &&
                          answer.error().code == errc::connection_lost;
    if (!was_dead) {
      if (answer || answer.error().code != errc::cancelled) guard.told();
      co_await learn(what.target, host, answer);
      co_return answer;
    }
    again = true;
  }
}

task<> polite_client::learn(url target, lane& host, result<response> const& answer) {
  if (answer) {
    auto const status = answer->status;
    if (status >= 400 && counts_against_host(from_status(status))) {
      host.state.failed(now());
    } else {
      host.state.succeeded();
    }
    if (wants_rest(status)) {
      host.state.pushed_back(clock::now());
      bool const asked = asked_rest(answer->header("Retry-After")).has_value();
      auto const doublings = std::min(host.state.consecutive_failures() - 1, 5);
      auto const unasked = std::min<std::chrono::seconds>(
          rest_without_word * (1 << std::max(doublings, 0)), longest_rest_without_word);
      if (!asked) host.state.cool_down(now() + unasked);
      log(log_level::info, "fetch", "host asks for a rest", field("host", target.host()),
          field("status", status),
          field("until", to_rfc3339(host.state.state().cooldown_until.value_or(now()))));
    }
  } else if (counts_against_host(answer.error().code)) {
    host.state.failed(now());
  } else if (answered_all_the_same(answer.error().code)) {
    host.state.succeeded();
  }
  if (host.state.state().has_news(host.kept)) co_await lanes_.keep(target.host(), host);
}

}  // namespace vinny
