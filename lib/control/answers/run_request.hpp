// SPDX-License-Identifier: MIT
//
// The body of POST /v1/runs.
#pragma once

#include <memory>
#include <string_view>

#include "core/failure.hpp"
#include "run/job.hpp"

namespace vinny {

/// Each kind of run reads its own members; a member of another kind is let be, one that no kind has
/// is refused. Errors: bad_json, naming the member.
[[nodiscard]] result<std::shared_ptr<job>> parse_run_request(std::string_view body);

}  // namespace vinny
