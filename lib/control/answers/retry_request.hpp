// SPDX-License-Identifier: MIT
//
// POST /v1/…/retry: what is asked and what is answered, for the daemon and for the command that
// asks it.
#pragma once

#include <string>

#include "control/router.hpp"
#include "run/retry.hpp"

namespace vinny {

class engine;

/// From a body. Fails with bad_json, naming the member.
[[nodiscard]] result<retry_wish> parse_retry_wish(std::string_view body, retry_kind const& what);
[[nodiscard]] std::string to_json(retry_wish const& wish);

/// {"total":2,"reasons":{"http_403":2},"opened":true,"after":null}
[[nodiscard]] std::string to_json(retry_step const& step, bool opened);
[[nodiscard]] result<retry_step> parse_retry_step(std::string_view body);

/// The route of that kind. Lifetime: `work` and `what` outlive it.
[[nodiscard]] route retry_route(engine& work, retry_kind const& what);

}  // namespace vinny
