// SPDX-License-Identifier: MIT
//
// The bytes of a capture's source, wherever that is.
#pragma once

#include "captures/model/capture.hpp"
#include "run/world.hpp"

namespace vinny {

/// Connecting takes at most 5 s, the answer 30 s. Errors: those of asking a host and of the store;
/// a source that is not there, or a file that cannot be read, is http_not_found; body_too_large.
[[nodiscard]] task<result<std::string>> fetch_capture(world& outside, asio::thread_pool& pool,
                                                      capture const& what, std::int64_t max_bytes,
                                                      deadline limit);

}  // namespace vinny
