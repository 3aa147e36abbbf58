// SPDX-License-Identifier: MIT
#include "command/floor_verbs.hpp"

#include "command/doctor.hpp"
#include "command/hosts.hpp"
#include "command/logs.hpp"
#include "command/reports.hpp"
#include "command/settings.hpp"

namespace vinny {
namespace {

void add_host_verbs(command_line& to) {
  auto& hosts = to.add_group("hosts", "The hosts that images come from");
  auto* const list =
      hosts.add_subcommand("list", "Those that failed, rest, or were set; the worst first");
  to.set_action(*list, [](auto const& settings, invocation const& how) {
    return list_hosts(*settings, how);
  });

  auto const released = std::make_shared<host_arguments>();
  released->change.release = true;
  auto* const release =
      hosts.add_subcommand("release", "Trust hosts again: no rest, no breaker, no quarantine");
  release->add_option("host", released->names, "Their names")->type_name("HOST");
  release->add_flag("--healthy", released->healthy,
                    "Those in quarantine whose error rate is good by now; says which");
  release->add_flag("--apply", released->apply, "With --healthy: do it");
  to.set_action(*release, [released](auto const& settings, invocation const& how) {
    return change_hosts(*settings, how, *released);
  });

  auto const paced = std::make_shared<host_arguments>();
  auto* const set = hosts.add_subcommand("set", "Another pace for hosts than is configured");
  set->add_option("host", paced->names, "Their names")->required()->type_name("HOST");
  set->add_option_function<int>(
         "--delay-ms",
         [paced](int ms) { paced->change.delay = {true, std::chrono::milliseconds{ms}}; },
         "Milliseconds between the starts of two requests")
      ->check(CLI::Range(0, 3'600'000));
  set->add_option_function<int>(
         "--concurrency", [paced](int n) { paced->change.concurrency = {true, n}; },
         "Requests in flight")
      ->check(CLI::Range(1, 1'000));
  set->add_flag_callback(
      "--default",
      [paced] {
        paced->change.delay.made = true;
        paced->change.concurrency.made = true;
      },
      "As configured again");
  to.set_action(
      *set,
      [paced](auto const& settings, invocation const& how) {
        return change_hosts(*settings, how, *paced);
      },
      [paced] {
        if (paced->change.delay.made || paced->change.concurrency.made) return;
        throw CLI::RequiredError{"--delay-ms, --concurrency or --default"};
      });
}

void add_report_verbs(command_line& to) {
  auto* const status = to.root().add_subcommand("status", "What is stored, what runs");
  to.set_action(*status, [](auto const& settings, invocation const& how) {
    return show_status(*settings, how.output);
  });
  auto const run_id = std::make_shared<std::string>();
  auto* const runs =
      to.root().add_subcommand("runs", "Earlier runs, or one of them with its errors");
  runs->add_option("id", *run_id, "A run's id, or 'latest'")->type_name("ID");
  to.set_action(*runs, [run_id](auto const& settings, invocation const& how) {
    return run_id->empty() ? show_runs(*settings, how.output)
                           : show_run(*settings, *run_id, how.output);
  });
  auto const subject = std::make_shared<std::string>();
  auto* const explain =
      to.root().add_subcommand("explain", "Why something was fetched, skipped, refused or failed");
  explain->add_option("subject", *subject, "A URL, a file's key, or an event's key")
      ->required()
      ->type_name("KEY_OR_URL");
  to.set_action(*explain, [subject](auto const& settings, invocation const& how) {
    return show_explanation(*settings, *subject, how.output);
  });
  auto* const doctor = to.root().add_subcommand(
      "doctor", "Whether credentials, database, store and clock are right");
  to.set_action(*doctor, [](auto const& settings, invocation const& how) {
    return run_doctor(*settings, how.output);
  });
}

void add_config_verbs(command_line& to, chosen_verb& chosen) {
  auto& config = to.add_group("config", "The configuration");
  auto* const check = config.add_subcommand("check", "Read it and say what is wrong with it");
  check->callback([&chosen] {
    chosen.tells_problems = true;
    chosen.act = [](auto const& settings, invocation const& how) {
      return check_settings(*settings, how.output);
    };
  });
  auto* const show = config.add_subcommand("show", "What is in force, defaults included");
  to.set_action(*show, [](auto const& settings, invocation const& how) {
    return show_settings(*settings, how.output);
  });
}

void add_log_verb(command_line& to) {
  constexpr std::size_t before_following = 10;
  auto const wish = std::make_shared<log_arguments>();
  auto* const logs = to.root().add_subcommand("logs", "The daemon's last lines of log");
  logs->add_flag("-f,--follow", wish->follow, "Then those that come");
  logs->add_option("--run", wish->run, "Only of this run, or of the 'latest'")->type_name("ID");
  logs->add_option_function<std::string>(
          "--level", [wish](std::string const& text) { wish->level = *log_level_from_name(text); },
          "This level and above")
      ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error"}))
      ->type_name("LEVEL");
  logs->add_option("-n,--lines", wish->lines,
                   "At most so many of the last (else all, or 10 with -f)")
      ->check(CLI::Range(std::size_t{1}, kept_log_lines));
  to.set_action(*logs, [wish](auto const& settings, invocation const& how) {
    auto wanted = *wish;
    if (wanted.lines == 0) wanted.lines = wanted.follow ? before_following : kept_log_lines;
    return show_logs(*settings, how, wanted);
  });
}

}  // namespace

void add_floor_verbs(command_line& to, chosen_verb& chosen) {
  add_host_verbs(to);
  add_report_verbs(to);
  add_config_verbs(to, chosen);
  add_log_verb(to);
}

}  // namespace vinny
