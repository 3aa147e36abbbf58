// SPDX-License-Identifier: MIT
//
// The parts of `vinny doctor`. Private to run/health.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "blob/object_store.hpp"
#include "http/connection/pool.hpp"
#include "run/health/doctor.hpp"
#include "run/health/health.hpp"

namespace vinny::doctor {

using findings = std::vector<finding>;

/// What the machine itself offers: the configuration, the folder.
void check_configuration(config const& settings, findings& out);
void check_data_dir(config const& settings, findings& out);

[[nodiscard]] finding judge_clock(std::optional<std::chrono::seconds> ahead);

/// The store's own side. `known` is a key that it has confirmed, or empty.
[[nodiscard]] task<> check_store(config const& settings, object_store& store, std::string known,
                                 deadline limit, findings& out);
/// The public side: asked only for what is stored, because caches keep a 404.
[[nodiscard]] task<> check_public_url(config const& settings, connection_pool& pool, dialer& dial,
                                      std::string known, deadline limit, findings& out,
                                      std::optional<std::chrono::seconds>& ahead);

}  // namespace vinny::doctor
