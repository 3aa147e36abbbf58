// SPDX-License-Identifier: MIT
//
// POST /v1/specimens/retry and /v1/images/retry: what is asked and what is answered, for the daemon
// and for the command that asks it.
#pragma once

#include <string>

#include "run/retry.hpp"

namespace vinny {

/// From a body. Fails with bad_json, naming the member.
[[nodiscard]] result<retry_wish> parse_retry_wish(std::string_view body, retry_of what);
[[nodiscard]] std::string to_json(retry_wish const& wish);

/// {"total":2,"reasons":{"http_403":2},"opened":true,"after":null}
[[nodiscard]] std::string to_json(retry_step const& step, bool opened);
[[nodiscard]] result<retry_step> parse_retry_step(std::string_view body);

}  // namespace vinny
