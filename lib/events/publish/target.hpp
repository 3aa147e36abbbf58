// SPDX-License-Identifier: MIT
//
// Where a run publishes: decided from the request and the configuration. Pure.
#pragma once

#include <string>

#include "config/config.hpp"
#include "events/model/sync_request.hpp"

namespace vinny {

enum class publish_target { script, local_database, d1, wrangler, wrangler_local };

/// `--local` alone is the local database and wins over `execute`; `--use-wrangler` is wrangler,
/// with `--local` its local database; `--execute` is D1 by REST. Without any of them export.sql,
/// but D1 for a run of several steps when a database and a token are configured.
[[nodiscard]] publish_target target_of(config const& settings, sync_request const& request);

/// A warning when D1 is named but cannot be reached, so that the script is written; else empty.
[[nodiscard]] std::string half_configured(config const& settings, sync_request const& request);

/// For people: "D1 database 1234… by REST", "/data/export.sql".
[[nodiscard]] std::string describe(publish_target target, config const& settings);

/// The name under which the catalog remembers what a target has confirmed.
[[nodiscard]] std::string name_in_catalog(publish_target target, config const& settings);

}  // namespace vinny
