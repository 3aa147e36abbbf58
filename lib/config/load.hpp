// SPDX-License-Identifier: MIT
//
// Reading the configuration: TOML, the environment and systemd credentials become one `config`,
// or every problem at once. What can be set is in config/config.hpp; how each key is read and
// checked is one row in config/keys.cpp.
#pragma once

#include <expected>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace vinny {

struct config_problem {
  std::string file;  // as it was named; "environment" for a variable
  int line = 0;      // from 1; 0: the place has no lines
  std::string key;   // "http.concurrency", or the variable's name; may be empty
  std::string message;

  friend bool operator==(config_problem const&, config_problem const&) = default;
};

/// "vinny.toml:12: http.concurency: unknown key (did you mean concurrency?)"
[[nodiscard]] std::string to_string(config_problem const& problem);

/// Where variables come from. An empty function has none.
struct environment {
  std::function<std::optional<std::string>(std::string const&)> get;
  /// The names of all variables, to find misspelt VINNY_ ones.
  std::function<std::vector<std::string>()> names;
};

/// A snapshot of this process's own variables.
[[nodiscard]] environment process_environment();

struct load_options {
  std::optional<std::filesystem::path> file{};      // --config
  std::optional<std::filesystem::path> data_dir{};  // --data-dir: wins over file and environment
  environment env = process_environment();
};

template <class T>
using checked = std::expected<T, std::vector<config_problem>>;

/// The configuration that a text describes, with defaults and shipped venues. Pure: reads no
/// file, no environment. Relative `ca_file` and `token_file` are taken from `file_name`'s folder.
[[nodiscard]] checked<config> parse_config(std::string_view toml, std::string const& file_name);

/// The effective configuration (design.md, section 8): `file`, else ./vinny.toml, else
/// /etc/vinny/vinny.toml, else defaults; then the `.env` beside it; then the environment; for
/// secrets then $CREDENTIALS_DIRECTORY.
[[nodiscard]] checked<config> load_config(load_options const& options);

}  // namespace vinny
