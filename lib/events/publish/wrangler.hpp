// SPDX-License-Identifier: MIT
//
// `wrangler d1 execute`: which command, with what configuration and environment, and what its
// output means. The script is the one that export.sql has.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "core/failure.hpp"
#include "events/model/d1_settings.hpp"
#include "events/publish/child_process.hpp"

namespace vinny {

struct wrangler_job {
  bool local = false;            // wrangler's own database, kept in `folder`
  std::filesystem::path folder;  // absolute; wrangler.toml and its state live here
  std::filesystem::path script;  // absolute
  std::chrono::seconds patience{900};
  std::atomic<bool> const* stop = nullptr;
};

/// How to call it: "wrangler" of $PATH, else what `npx --no-install` finds. Fails with
/// publish_tool, telling how to get it.
[[nodiscard]] result<std::vector<std::string>> find_wrangler(
    std::map<std::string, std::string> const& environment);

/// wrangler.toml for the database.
[[nodiscard]] std::string wrangler_config(d1_config const& settings);

/// What is added to the command of find_wrangler(). No secret is in it.
[[nodiscard]] std::vector<std::string> wrangler_arguments(d1_config const& settings,
                                                          wrangler_job const& job);

/// What the child gets of our environment, and the token and the account when it is to go out.
[[nodiscard]] std::map<std::string, std::string> wrangler_environment(
    d1_config const& settings, bool local, std::map<std::string, std::string> const& ours);

/// What its end means: publish_rejected, publish_credentials, publish_missing, publish_tool.
[[nodiscard]] result<> read_wrangler(child_outcome const& outcome, d1_config const& settings);

/// Writes wrangler.toml and runs the script. Blocking. Fails as the above and run_child() do.
[[nodiscard]] result<> run_wrangler(d1_config const& settings, wrangler_job const& job);

}  // namespace vinny
