// SPDX-License-Identifier: MIT
#include "http/polite_client.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.hpp"
#include "http/content_coding.hpp"
#include "http/host_word.hpp"
#include "http/redirects.hpp"
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

// A probe's answer may come at any moment: those who wait for it look again soon.
constexpr auto look_at_probe_after = 1s;

// Who would wait longer in a host's line comes back later, and leaves its place to others.
constexpr auto longest_line = 6s;

constexpr std::int64_t max_robots_bytes = 1024 * 1024;

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

}  // namespace

polite_client::polite_client(config const& settings, host_registry& hosts, connection_pool& pool,
                             asio::thread_pool& cpu)
    : settings_(settings),
      hosts_(hosts),
      pool_(pool),
      cpu_(cpu),
      user_agent_(user_agent(settings.contact)) {}

task<result<response>> polite_client::send(request what, deadline limit) {
  auto const max_body = what.overflow ? std::min(what.max_body, most_encoded) : what.max_body;
  bool const asked = what.accept_gzip;
  co_return co_await decoded(co_await follow(std::move(what), rules::obey, limit), asked, max_body);
}

task<result<response>> polite_client::decoded(result<response> answer, bool asked,
                                              std::int64_t max_body) {
  if (!answer || answer->body.empty()) co_return answer;
  auto const layers = coded_layers(answer->headers);
  auto const because = [&answer](failure why) {
    why.message = fmt::format("{}: {}", answer->final_url, why.message);
    return std::unexpected(std::move(why));
  };
  // Of a refusal only its status is needed.
  bool const content = is_success(answer->status);
  if (!layers && !content) answer->body.clear();
  if (!layers) co_return content ? because(layers.error()) : std::move(answer);
  if (layers->empty()) co_return answer;
  auto plain = co_await offload(
      cpu_, [body = std::move(answer->body), layers = *layers, asked, max_body]() mutable {
        return undo_layers(std::move(body), layers, asked, max_body);
      });
  if (!plain && content) co_return because(plain.error());
  answer->body = std::move(plain).value_or(std::string{});
  co_return answer;
}

request polite_client::hop(request const& what, redirect_chain const& chain) const {
  auto next = what;
  next.headers.emplace_back("User-Agent", user_agent_);
  if (find_header(next.headers, "Accept").empty()) next.headers.emplace_back("Accept", "*/*");
  auto cookies = chain.cookies(next.target);
  if (!cookies.empty()) next.headers.emplace_back("Cookie", std::move(cookies));
  return next;
}

task<result<response>> polite_client::follow(request what, rules robots, deadline limit) {
  auto const start = what.target;
  redirect_chain chain{start, settings_.http.max_redirects};
  auto const from_start = [&](failure why) {
    if (chain.hops() > 0) {
      why.message = fmt::format("{} redirects on: {}", start, why.message);
    }
    return std::unexpected(std::move(why));
  };
  for (;;) {
    auto& host = hosts_.lanes().of(what.target.host());
    if (robots == rules::obey) {
      auto const may = co_await allowed(what, host, limit);
      if (!may) co_return from_start(may.error());
    }
    // Only at the first hop: who has begun a chain would else begin it again for ever.
    if (chain.hops() == 0) {
      if (auto const line = line_is_short(what, host); !line) {
        co_return std::unexpected(line.error());
      }
    }
    auto answer = co_await take_turn(hop(what, chain), host, limit);
    if (!answer) co_return from_start(answer.error());
    bool const redirects = is_redirect(answer->status);
    auto const until = wants_rest(answer->status)
                           ? std::nullopt
                           : asked_rest(answer->status, answer->header("Retry-After"));
    if (until) co_return from_start(asked_to_wait(what.target, answer->status, *until));
    if (!redirects) co_return answer;
    auto next = chain.follow(*answer, what.target, host.limits.follow_to_http);
    if (!next) co_return std::unexpected(next.error());
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
  ask.headers.emplace_back("Accept", "text/plain, */*;q=0.5");
  co_return co_await decoded(co_await follow(std::move(ask), rules::ignore, limit), false,
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
  auto const found = co_await hosts_.robots().rules(target, fetch, limit);
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
  why.retry_at = block->probed ? std::min(block->until, now() + look_at_probe_after) : block->until;
  return std::unexpected(std::move(why));
}

result<> polite_client::line_is_short(request const& what, lane const& host) const {
  auto const at = clock::now();
  // Its share's line, and as many turns of others between.
  auto const in_line = std::min(2 * host.gate.waiting(what.share), host.gate.waiting()) +
                       (host.gate.free() > 0 ? 0U : 1U);
  auto const ahead = static_cast<int>(in_line) * host.state.delay();
  auto const wait = host.state.next_start(at) - at + ahead;
  if (wait <= longest_line) return {};
  failure why{errc::host_cooling_down,
              fmt::format("{}: its turn is in {} s", what.target,
                          std::chrono::ceil<std::chrono::seconds>(wait).count())};
  why.retry_at = now() + std::chrono::ceil<std::chrono::milliseconds>(wait);
  return std::unexpected(std::move(why));
}

task<result<polite_client::ready_link>> polite_client::reach(request const& what, lane& host,
                                                             bool fresh, deadline limit) {
  for (;;) {
    // Nobody waits here with what others could use: names, connections and handshakes may take
    // their time.
    auto const reached = what.connect_time.count() > 0 ? within(what.connect_time, limit) : limit;
    auto link = fresh ? co_await pool_.connect(what.target, reached)
                      : co_await pool_.take(what.target, reached);
    if (!link) {
      co_await learn(what.target, host, std::unexpected(link.error()));
      co_return std::unexpected(link.error());
    }
    ready_link out{.permit = co_await hosts_.permits().acquire(limit, what.share),
                   .room = {},
                   .link = std::move(*link)};
    if (out.permit && what.admit) {
      auto room = co_await what.admit(limit);
      if (!room) co_return std::unexpected(room.error());
      out.room = std::move(*room);
    }
    if (!out.permit || (what.admit && !out.room))
      co_return std::unexpected(out_of_time(what.target));
    // While it stood in line the host may have closed the connection.
    if (out.link->ready()) co_return out;
  }
}

task<result<response>> polite_client::take_turn(request what, lane& host, deadline limit) {
  for (bool again = false;;) {
    auto gate = co_await host.gate.acquire(limit, what.share);
    if (!gate) co_return std::unexpected(out_of_time(what.target));
    if (auto const rest = must_rest(what.target, host); !rest) {
      co_return std::unexpected(rest.error());
    }
    if (!co_await turn_comes(host.state, limit)) {
      co_return std::unexpected(out_of_time(what.target));
    }
    auto const slot = co_await host.slots.acquire(limit);
    if (!slot) co_return std::unexpected(out_of_time(what.target));
    auto const before = within(settings_.http.total_timeout, limit);
    auto reached = co_await reach(what, host, again, before);
    if (!reached) co_return std::unexpected(reached.error());
    auto total = within(settings_.http.total_timeout, limit);
    if (what.read_time.count() > 0) total = within(what.read_time, total);
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
                                     if (auto const until = asked_rest(status, retry_after))
                                       host.state.cool_down(*until);
                                   }};
    auto answer = co_await reached->link->exchange(what, hooks, total);
    instruments::global().fetched(answer ? answer->status : 0, clock::now() - began,
                                  answer ? answer->received() : 0);
    if (answer) answer->room = std::move(reached->room);
    // A kept connection that the host had closed meanwhile says nothing about the host.
    bool const was_dead = !answer && !answered && !reached->link.fresh() && !again &&
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
      host.failed();
    } else {
      host.succeeded();
    }
    if (wants_rest(status)) {
      host.state.pushed_back(clock::now());
      bool const asked = asked_rest(status, answer->header("Retry-After")).has_value();
      auto const doublings = std::min(host.state.consecutive_failures() - 1, 5);
      auto const unasked = std::min<std::chrono::seconds>(
          rest_without_word * (1 << std::max(doublings, 0)), longest_rest_without_word);
      if (!asked) host.state.cool_down(now() + unasked);
      log(log_level::info, "fetch", "host asks for a rest", field("host", target.host()),
          field("status", status),
          field("until", to_rfc3339(host.state.state().cooldown_until.value_or(now()))));
    }
  } else if (counts_against_host(answer.error().code)) {
    host.failed();
  } else if (answered_all_the_same(answer.error().code)) {
    host.succeeded();
  }
  if (host.state.state().has_news(host.kept)) co_await hosts_.lanes().keep(target.host(), host);
}

}  // namespace vinny
