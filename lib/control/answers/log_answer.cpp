// SPDX-License-Identifier: MIT
#include "control/answers/log_answer.hpp"

#include <fmt/format.h>

#include "control/problem.hpp"
#include "control/query.hpp"
#include "core/ulid.hpp"
#include "observe/log.hpp"

namespace vinny {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t lines_at_once = 500;
constexpr auto look_again = 200ms;

std::string text_of(kept_lines const& some) {
  std::string out;
  for (auto const& line : some.lines) out.append(line).append("\n");
  return out;
}

/// Of lines that were no longer kept when a follower came to them.
std::string missed_line(std::uint64_t count) {
  return fmt::format(
      R"({{"timestamp":"{}","level":"warn","step":"log","message":"lines were passed over: they were read too slowly","lost":{}}})"
      "\n",
      to_rfc3339(now()), count);
}

task<> follow(stream_writer& out, log_filter which, std::uint64_t seen) {
  auto silent_since = clock::now();
  for (;;) {
    auto const some = lines_after(seen, which, lines_at_once);
    bool const more = some.last > seen && some.lines.size() == lines_at_once;
    seen = some.last;
    auto text = some.missed > 0 ? missed_line(some.missed) : std::string{};
    text += text_of(some);
    // An empty line says that the daemon is there.
    if (text.empty() && clock::now() - silent_since >= stream_heartbeat) text = "\n";
    if (!text.empty()) {
      silent_since = clock::now();
      if (!co_await out.write(std::move(text))) co_return;
    }
    if (!more) co_await sleep_for(look_again);
  }
}

}  // namespace

server_response log_answer(server_request const& request, std::string const& latest_run) {
  log_filter which;
  if (auto const it = request.query.find("level"); it != request.query.end()) {
    auto const level = log_level_from_name(it->second);
    if (!level) {
      return problem(400, "bad_request", "the request cannot be understood",
                     "'level' must be trace, debug, info, warn or error");
    }
    which.level = *level;
  }
  if (auto const it = request.query.find("run"); it != request.query.end()) {
    which.run_id = it->second == "latest" ? latest_run : it->second;
    if (!is_ulid(which.run_id)) return problem(404, "not_found", "there is no such run");
  }
  auto const limit = number_of(request, "limit", kept_log_lines, kept_log_lines);
  if (!limit) return problem_of(limit.error());
  server_response answer{.status = 200};
  answer.headers.emplace_back("Content-Type", "application/x-ndjson");
  answer.headers.emplace_back("Cache-Control", "no-store");
  auto const some = last_lines(which, *limit);
  auto const it = request.query.find("follow");
  auto const follows = it == request.query.end() ? std::string{"0"} : it->second;
  if (follows != "0" && follows != "1") {
    return problem(400, "bad_request", "the request cannot be understood",
                   "'follow' must be 0 or 1");
  }
  if (follows == "0") {
    answer.body = text_of(some);
    return answer;
  }
  answer.headers.emplace_back("X-Accel-Buffering", "no");
  answer.stream = [which, begin = text_of(some), seen = some.last](stream_writer& out) -> task<> {
    if (!begin.empty() && !co_await out.write(begin)) co_return;
    co_await follow(out, which, seen);
  };
  return answer;
}

}  // namespace vinny
