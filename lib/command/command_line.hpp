// SPDX-License-Identifier: MIT
//
// The command line of `vinny` while it is put together: the floor and each system add their verbs,
// and each verb says what it does.
#pragma once

#include <CLI/CLI.hpp>

#include <expected>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "command/output.hpp"
#include "config/config.hpp"
#include "run/job.hpp"
#include "run/retry.hpp"

namespace vinny {

/// What every verb takes.
struct invocation {
  std::optional<std::filesystem::path> config_file;
  std::optional<std::filesystem::path> data_dir;
  bool no_daemon = false;
  output_options output;
};

/// What a verb does, once the configuration is read; gives the exit code.
using verb_action =
    std::function<int(std::shared_ptr<config const> const& settings, invocation const& how)>;

struct chosen_verb {
  invocation how;
  verb_action act;
  bool tells_problems = false;  // a wrong configuration is its answer, not its failure
};

class command_line {
 public:
  explicit command_line(CLI::App& root, chosen_verb& chosen) : root_(root), chosen_(chosen) {}

  [[nodiscard]] CLI::App& root() const noexcept { return root_; }
  /// A verb that only holds others.
  CLI::App& add_group(std::string const& name, std::string const& text);
  /// That verb does this. `finish` is called when its options are read; it may throw what CLI11
  /// throws.
  void set_action(CLI::App& verb, verb_action act, std::function<void()> finish = {});
  /// A verb that starts a run. Options may write to `asked` until they are read; `finish` is called
  /// then.
  CLI::App& add_run(CLI::App& parent, std::string const& name, std::string const& text,
                    std::shared_ptr<job> asked, std::function<void()> finish = {});
  /// `retry` under a group.
  void add_retry(CLI::App& parent, retry_kind const& what);

 private:
  CLI::App& root_;
  chosen_verb& chosen_;
};

/// "vinny: …" on stderr, and the code.
[[nodiscard]] int complain_and(int code, failure const& why);

/// The arguments, or the exit code after --help, --version or a usage error was answered.
[[nodiscard]] std::expected<chosen_verb, int> parse_arguments(int argc, char const* const* argv);

}  // namespace vinny
