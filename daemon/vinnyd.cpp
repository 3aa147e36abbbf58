// SPDX-License-Identifier: MIT
#include <CLI/CLI.hpp>
#include <cstdlib>
#include <exception>
#include <memory>

#include "control/answers/log_answer.hpp"
#include "control/daemon.hpp"
#include "core/process_limits.hpp"
#include "core/standard_streams.hpp"
#include "decoder/decode_images.hpp"
#include "observe/log.hpp"
#include "policy/exception_text.hpp"

int main(int argc, char** argv) {
  vinny::secure_standard_streams();
  if (argc == 2 && argv[1] == vinny::decoder_argument) return vinny::decode_images();
  vinny::set_process_limits();
  constexpr int exit_failed = 1;
  constexpr int exit_usage = 2;
  constexpr int exit_config = 78;
  vinny::load_options where;
  std::string level = "info";
  std::string format = "json";
  CLI::App app{"Keeps a public image library in step with the places its images come from.",
               "vinnyd"};
  app.set_version_flag("--version", "vinnyd " VINNY_VERSION);
  app.add_option("--config", where.file, "Configuration file (else ./vinny.toml, else /etc)");
  app.add_option("--data-dir", where.data_dir, "Where data lives, instead of data_dir");
  bool beside = false;
  app.add_flag("--beside", beside,
               "Only serve captures, beside the daemon that holds the catalog; [control] names "
               "another socket");
  app.add_option("--log-level", level, "trace, debug, info, warn, error")
      ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error"}));
  app.add_option("--log-format", format, "json, pretty")->check(CLI::IsMember({"json", "pretty"}));
  try {
    app.parse(argc, argv);
  } catch (CLI::ParseError const& error) {
    return app.exit(error) == 0 ? 0 : exit_usage;
  }
  vinny::set_up_log(
      {.level = vinny::log_level_from_name(level).value_or(vinny::log_level::info),
       .format = format == "pretty" ? vinny::log_format::pretty : vinny::log_format::json,
       .apart = true,
       .keep_lines = vinny::kept_log_lines});
  std::atexit(vinny::flush_log);
  try {
    auto loaded = vinny::load_config(where);
    if (!loaded) {
      for (auto const& one : loaded.error()) {
        vinny::log(vinny::log_level::error, "config", vinny::to_string(one));
      }
      return exit_config;
    }
    return vinny::run_daemon(
        std::make_shared<vinny::config const>(std::move(*loaded)),
        [where] { return vinny::load_config(where); }, beside);
  } catch (std::exception const& error) {
    vinny::log(vinny::log_level::error, "daemon", vinny::text_of(error));
    return exit_failed;
  }
}
