// SPDX-License-Identifier: MIT
//
// The parts of `vinny doctor`. Private to pipeline/doctor.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "blob/object_store.hpp"
#include "events/publish/d1_rest.hpp"
#include "http/pool.hpp"
#include "run/health/doctor.hpp"

namespace vinny::doctor {

using findings = std::vector<finding>;

/// What the machine itself offers: the configuration, the folder.
void check_configuration(config const& settings, findings& out);
void check_data_dir(config const& settings, findings& out);

/// By how much our clock differs from a Date header, read so long after the question; nothing
/// without one.
[[nodiscard]] std::optional<std::chrono::seconds> clock_ahead(response const& answer, instant asked,
                                                              instant answered);
[[nodiscard]] finding judge_clock(std::optional<std::chrono::seconds> ahead);

/// The API, the token and the database; `ahead` from their answers.
[[nodiscard]] task<> check_d1(config const& settings, d1_rest* rest, deadline limit, findings& out,
                              std::optional<std::chrono::seconds>& ahead);

/// The store's own side. `known` is a key that it has confirmed, or empty.
[[nodiscard]] task<> check_store(config const& settings, object_store& store, std::string known,
                                 deadline limit, findings& out);
/// The public side: asked only for what is stored, because caches keep a 404.
[[nodiscard]] task<> check_public_url(config const& settings, connection_pool& pool, dialer& dial,
                                      std::string known, deadline limit, findings& out,
                                      std::optional<std::chrono::seconds>& ahead);

}  // namespace vinny::doctor
