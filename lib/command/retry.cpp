// SPDX-License-Identifier: MIT
#include "command/retry.hpp"

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <functional>

#include "catalog/catalog.hpp"
#include "command/daemon_client.hpp"
#include "control/answers/host_change.hpp"
#include "control/answers/retry_request.hpp"
#include "core/text.hpp"

namespace vinny {
namespace {

using one_step = std::function<result<retry_step>(retry_wish const&)>;

/// All steps; what they come to together.
result<retry_step> all_steps(one_step const& take, retry_wish wish) {
  retry_step sum;
  for (;;) {
    auto step = take(wish);
    if (!step) return step;
    for (auto const& [reason, count] : step->by_reason) sum.by_reason[reason] += count;
    if (step->after == 0) return sum;
    wish.after = step->after;
  }
}

result<retry_step> by_daemon(daemon_client const& daemon, retry_kind const& what,
                             retry_wish const& wish) {
  auto const answer = daemon.call("POST", std::string{what.path}, to_json(wish));
  if (!answer) return std::unexpected(answer.error());
  if (answer->status == 200) return parse_retry_step(answer->body);
  return fail(answer->status == 403 ? errc::permission_denied : errc::bad_response,
              fmt::format("the daemon answers {}", answer->status));
}

result<retry_step> in_catalog(catalog& facts, retry_kind const& what, retry_wish const& wish) {
  asio::io_context loop{1};
  result<retry_step> out;
  asio::co_spawn(
      loop, [&]() -> task<> { out = co_await retry_refused(facts, what, wish); },
      [](std::exception_ptr const& error) {
        if (error) std::rethrow_exception(error);
      });
  loop.run();
  return out;
}

void print_counts(retry_step const& counted) {
  for (auto const& [reason, count] : counted.by_reason) {
    fmt::print("{:<28} {:>12}\n", reason.empty() ? "(no reason kept)" : printable(reason), count);
  }
}

int complain_of(failure const& why) {
  complain(why.message);
  switch (why.code) {
    case errc::catalog_locked:
      return exit_code::run_active;
    case errc::permission_denied:
      return exit_code::not_allowed;
    case errc::connect_failed:
    case errc::connection_lost:
      return exit_code::no_daemon;
    default:
      return exit_code::failed;
  }
}

int retry_by(one_step const& take, retry_wish wish, output_options const& output, bool dry_run) {
  wish.apply = false;
  auto const counted = all_steps(take, wish);
  if (!counted) return complain_of(counted.error());
  if (!output.json && !output.quiet) print_counts(*counted);
  auto done = *counted;
  bool const apply = !dry_run && counted->total() > 0;
  if (apply) {
    wish.apply = true;
    auto const opened = all_steps(take, wish);
    if (!opened) return complain_of(opened.error());
    done = *opened;
  }
  if (output.json) {
    fmt::print("{}\n", to_json(done, apply));
  } else if (!output.quiet) {
    auto const* const verb = dry_run ? "would be asked for again; nothing was changed"
                                     : "are asked for again by the next run, or the one that "
                                       "goes on";
    fmt::print("{} {}\n", done.total(), verb);
  }
  return exit_code::done;
}

}  // namespace

int run_retry(config const& settings, invocation const& how, retry_kind const& what,
              retry_wish wish, bool dry_run) {
  if (wish.host) {
    auto host = parse_host_name(*wish.host);
    if (!host) {
      complain(host.error().message);
      return exit_code::usage;
    }
    wish.host = std::move(*host);
  }
  if (wish.reason) {
    auto reason = kept_reason(what, *wish.reason);
    if (!reason) {
      complain("--reason: " + reason.error().message);
      return exit_code::usage;
    }
    wish.reason = std::move(*reason);
  }
  auto const found = how.no_daemon ? found_daemon{} : find_daemon(settings);
  if (found.daemon) {
    auto const& daemon = *found.daemon;
    return retry_by([&](retry_wish const& step) { return by_daemon(daemon, what, step); }, wish,
                    how.output, dry_run);
  }
  auto own = catalog::open(settings.data_dir, "vinny");
  if (!own) {
    auto const code = complain_of_daemon(found, own.error());
    return code ? *code : complain_of(own.error());
  }
  auto& facts = **own;
  return retry_by([&](retry_wish const& step) { return in_catalog(facts, what, step); }, wish,
                  how.output, dry_run);
}

}  // namespace vinny
