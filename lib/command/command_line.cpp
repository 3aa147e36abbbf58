// SPDX-License-Identifier: MIT
#include "command/command_line.hpp"

#include <fmt/format.h>

#include "command/floor_verbs.hpp"
#include "command/retry.hpp"
#include "command/runs.hpp"
#include "model/subsystem.hpp"

namespace vinny {

CLI::App& command_line::add_group(std::string const& name, std::string const& text) {
  auto* const group = root_.add_subcommand(name, text);
  group->require_subcommand(1);
  return *group;
}

void command_line::set_action(CLI::App& verb, verb_action act, std::function<void()> finish) {
  verb.callback([&chosen = chosen_, act = std::move(act), finish = std::move(finish)] {
    if (finish) finish();
    chosen.act = act;
  });
}

CLI::App& command_line::add_run(CLI::App& parent, std::string const& name, std::string const& text,
                                std::shared_ptr<job> asked, std::function<void()> finish) {
  auto* const verb = parent.add_subcommand(name, text);
  set_action(
      *verb,
      [asked = std::move(asked)](std::shared_ptr<config const> const& settings,
                                 invocation const& how) {
        return perform_run(settings, how, asked);
      },
      std::move(finish));
  return *verb;
}

void command_line::add_retry(CLI::App& parent, retry_kind const& what) {
  auto const wish = std::make_shared<retry_wish>();
  auto const dry_run = std::make_shared<bool>(false);
  auto* const retry = parent.add_subcommand(
      "retry", "Ask again for what was refused or given up: counts first, then opens it");
  retry->add_option("--reason", wish->reason, "Only of this reason, such as http_403")
      ->type_name("REASON");
  retry->add_option("--host", wish->host, "Only of this host")->type_name("HOST");
  retry
      ->add_option_function<std::string>(
          "--since",
          [wish](std::string const& text) {
            wish->since = parse_since(text, now());
            if (!wish->since) {
              throw CLI::ValidationError{
                  "--since: a date, a moment, or a span such as 3d or 12h, not " + text};
            }
          },
          "Only what was refused since then")
      ->type_name("WHEN");
  retry->add_flag("--dry-run", *dry_run, "Only count");
  set_action(*retry, [&what, wish, dry_run](std::shared_ptr<config const> const& settings,
                                            invocation const& how) {
    return run_retry(*settings, how, what, *wish, *dry_run);
  });
}

int complain_and(int code, failure const& why) {
  complain(why.message);
  return code;
}

std::expected<chosen_verb, int> parse_arguments(int argc, char const* const* argv) {
  chosen_verb out;
  CLI::App app{"Keeps a public image library in step with the places its images come from.",
               "vinny"};
  app.footer(
      "First steps: vinny sync --dry-run, then vinny sync --local. Documentation: README.md.");
  app.set_version_flag("--version", "vinny " VINNY_VERSION);
  app.require_subcommand(1);
  app.fallthrough();
  app.add_option("--config", out.how.config_file,
                 "Configuration file (else ./vinny.toml, else /etc)")
      ->type_name("FILE");
  app.add_option("--data-dir", out.how.data_dir, "Where data lives, instead of data_dir")
      ->type_name("DIR");
  app.add_flag("--json", out.how.output.json, "One JSON document on stdout");
  app.add_flag("-q,--quiet", out.how.output.quiet, "Only errors");
  app.add_flag("--no-color", out.how.output.no_color, "No colours (NO_COLOR works too)");
  app.add_flag("--no-daemon", out.how.no_daemon, "Work in this process, even where a daemon runs");
  command_line line{app, out};
  for (auto const* const system : systems()) {
    if (system->command != nullptr) system->command(line);
  }
  add_floor_verbs(line, out);
  try {
    app.parse(argc, argv);
  } catch (CLI::Success const& e) {
    return std::unexpected(app.exit(e));
  } catch (CLI::RequiredError const& e) {
    // A word that is no command is what the user means, not that one is missing.
    auto const extra = app.remaining();
    complain(extra.empty() ? fmt::format("{}; `vinny --help` tells how", e.what())
                           : fmt::format("there is no command '{}'; `vinny --help` lists them",
                                         extra.front()));
    return std::unexpected(exit_code::usage);
  } catch (CLI::ParseError const& e) {
    complain(fmt::format("{}; `vinny --help` tells how", e.what()));
    return std::unexpected(exit_code::usage);
  }
  return out;
}

}  // namespace vinny
