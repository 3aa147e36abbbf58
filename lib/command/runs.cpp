// SPDX-License-Identifier: MIT
#include "command/runs.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/json.hpp>

#include <array>
#include <csignal>
#include <cstdio>

#include "catalog/runs.hpp"
#include "command/daemon_client.hpp"
#include "control/documents.hpp"
#include "observe/log.hpp"
#include "run/engine.hpp"

namespace vinny {
namespace {

namespace json = boost::json;

constexpr std::chrono::seconds drain_time{8};
constexpr std::chrono::seconds told_when_interrupted{2};

std::string member(std::string const& document, std::string_view name) {
  boost::system::error_code error;
  auto const parsed = json::parse(document, error);
  auto const* const object = error ? nullptr : parsed.if_object();
  auto const* const value = object != nullptr ? object->if_contains(name) : nullptr;
  return value != nullptr && value->is_string() ? std::string{value->get_string()} : std::string{};
}

std::array<char, 160> goodbye{};  // what a Ctrl-C prints while a daemon works

/// Ctrl-C leaves the daemon's run alone.
void on_interrupt(int) {
  auto const size = std::char_traits<char>::length(goodbye.data());
  [[maybe_unused]] auto const written = ::write(STDERR_FILENO, goodbye.data(), size);
  ::_exit(exit_code::cancelled);
}

void complain_busy(config const& settings, failure const& why) {
  if (why.code == errc::catalog_locked) {
    if (auto reader = catalog::open_read_only(settings.data_dir)) {
      if (auto const active = active_runs(**reader); !active.empty()) {
        complain(fmt::format("run {} is active ({}); wait for it, or see `vinny status`",
                             active.front().id, why.message));
        return;
      }
    }
  }
  complain(why.message);
}

/// Ctrl-C: the first ends in order, the second at once.
task<> watch_interrupt(engine& work, bool& interrupted) {
  auto const loop = co_await asio::this_coro::executor;
  std::optional<asio::signal_set> signals;
  try {
    signals.emplace(loop, SIGINT, SIGTERM);
  } catch (boost::system::system_error const&) {
    co_return;  // no descriptor is left for it: Ctrl-C ends at once
  }
  co_await signals->async_wait(asio::use_awaitable);
  interrupted = true;
  fmt::print(stderr,
             "\nvinny: stopping; what was done is kept. Press Ctrl-C again to stop at once.\n");
  std::signal(SIGINT, SIG_DFL);
  signals->remove(SIGINT);
  co_await work.drain(within(drain_time));
}

task<> show_feed(std::shared_ptr<run_context> run, progress_view& view) {
  std::int64_t seen = 0;
  while (!run->feed.closed()) {
    co_await run->feed.wait(seen, no_deadline);
    for (auto const& one : run->feed.after(seen)) {
      seen = one.id;
      if (one.kind == "progress") view.show(one.data);
    }
  }
}

/// Jobs that go over a database tell each batch in the log; in a terminal they draw a bar instead.
bool logs_batches(job const& asked, output_options const& output) {
  return asked.logs_batches() && !output.quiet && ::isatty(STDERR_FILENO) == 0;
}

task<int> perform(engine& work, std::shared_ptr<job> asked, output_options output) {
  auto const id = co_await work.start(asked);
  if (!id) {
    complain(id.error().message);
    co_return exit_code_of(id.error().code);
  }
  auto const run = work.find(*id);
  bool interrupted = false;
  {
    auto shown = output;
    shown.quiet = shown.quiet || logs_batches(*asked, output);
    progress_view view{shown};
    co_await with_group([&](task_group& side) -> task<bool> {
      side.spawn("interrupt", watch_interrupt(work, interrupted));
      side.spawn("progress", show_feed(run, view));
      co_await work.idle();
      side.cancel();
      co_return true;
    });
  }
  auto const document = co_await work.facts().read(
      [record = run->record](database& db) { return run_with_errors_document(db, record); });
  if (!document) {
    complain(document.error().message);
    co_return exit_code::failed;
  }
  auto const code = report_run(*document, output);
  std::fflush(stdout);  // it is told, whatever a signal ends now
  co_await work.told(interrupted ? within(told_when_interrupted) : no_deadline);
  if (!run->slack_error.empty()) complain(run->slack_error);
  co_return interrupted ? exit_code::cancelled : code;
}

/// What a daemon, also an older one, takes for this.
std::string request_for_daemon(job const& asked) {
  auto document = request_document(asked);
  bool const has_steps = !document.at("steps").as_array().empty();
  if (!has_steps) document.erase("steps");
  if (has_steps) document["pipeline"] = "sync";
  return json::serialize(document);
}

int run_by_daemon(daemon_client const& daemon, job const& asked, output_options const& output) {
  auto const started = daemon.call("POST", "/v1/runs", request_for_daemon(asked));
  if (!started) {
    complain(started.error().message);
    return exit_code::no_daemon;
  }
  if (started->status == 409) {
    complain(fmt::format("run {} is active; wait for it, or see `vinny status`",
                         member(started->body, "active_run")));
    return exit_code::run_active;
  }
  if (started->status != 202) {
    complain(member(started->body, "detail"));
    if (started->status == 401 || started->status == 403) return exit_code::not_allowed;
    return started->status == 400 ? exit_code::usage : exit_code::failed;
  }
  auto const id = member(started->body, "id");
  fmt::format_to_n(goodbye.data(), goodbye.size() - 1,
                   "\nvinny: run {} goes on in the daemon; `vinny runs {}` shows it\n", id, id);
  std::signal(SIGINT, on_interrupt);
  {
    progress_view view{output};
    auto const followed = daemon.follow("/v1/runs/" + id + "/events",
                                        [&](std::string_view kind, std::string_view data) {
                                          if (kind == "progress") view.show(data);
                                        });
    if (!followed) {
      view.finish();
      complain(followed.error().message);
      return exit_code::no_daemon;
    }
  }
  auto const outcome = daemon.call("GET", "/v1/runs/" + id);
  if (!outcome || outcome->status != 200) {
    complain("the daemon went away before it told how the run ended; see `vinny runs`");
    return exit_code::no_daemon;
  }
  return report_run(outcome->body, output);
}

/// `looked` tells of daemons that could not be used; it is for the message when the catalog is
/// theirs.
int run_here(std::shared_ptr<config const> const& settings, std::shared_ptr<job> const& asked,
             output_options const& output, found_daemon const& looked) {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  if (logs_batches(*asked, output)) set_log_level(log_level::info);
  asio::io_context loop{1};
  auto work = engine::open(settings, loop.get_executor(), "vinny");
  if (!work) {
    if (auto const code = complain_of_daemon(looked, work.error())) return *code;
    complain_busy(*settings, work.error());
    return exit_code_of(work.error().code);
  }
  int code = exit_code::failed;
  asio::co_spawn(loop, perform(**work, asked, output),
                 [&](std::exception_ptr const& error, int value) {
                   if (error) std::rethrow_exception(error);
                   code = value;
                   loop.stop();
                 });
  loop.run();
  // A name server that does not answer must not hold up the end.
  if ((*work)->names().pending() > 0) {
    std::fflush(nullptr);
    ::_exit(code);
  }
  return code;
}

}  // namespace

int exit_code_of(errc code) noexcept {
  switch (code) {
    case errc::run_active:
    case errc::catalog_locked:
      return exit_code::run_active;
    case errc::config_invalid:
      return exit_code::config;
    case errc::not_found:
      return exit_code::usage;
    case errc::catalog_busy:
    case errc::postgres_unavailable:
      return exit_code::try_again;
    default:
      return exit_code::failed;
  }
}

int perform_run(std::shared_ptr<config const> const& settings, invocation const& how,
                std::shared_ptr<job> const& asked) {
  // A slip of the pen is answered before anything is opened or made.
  if (auto const fits = asked->check(*settings); !fits) {
    return complain_and(exit_code::usage, fits.error());
  }
  auto const found = how.no_daemon ? found_daemon{} : find_daemon(*settings);
  if (found.daemon) return run_by_daemon(*found.daemon, *asked, how.output);
  return run_here(settings, asked, how.output, found);
}

}  // namespace vinny
