// SPDX-License-Identifier: MIT
//
// Asking for one thing outside a stage's work list, with the same patience: attempts, backoff,
// the host's own word.
#pragma once

#include "http/message.hpp"
#include "run/context.hpp"

namespace vinny {

/// What is asked for; what a server has instead is looked at, too.
inline constexpr std::string_view accept_pictures =
    "image/jpeg, image/png;q=0.9, image/*;q=0.5, */*;q=0.1";
inline constexpr std::string_view accept_pages =
    "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8";
inline constexpr std::string_view accept_sitemaps =
    "application/xml, text/xml, text/plain;q=0.9, */*;q=0.8";

/// Sends until there is an answer with 2xx or 304, the attempts are used up, or the failure is
/// for good. A status that is no success becomes its failure.
[[nodiscard]] task<result<response>> send_patiently(run_context& context, request what);
/// The same without a run; `stop_requested`: nothing more is tried.
[[nodiscard]] task<result<response>> send_patiently(config const& settings, client& web,
                                                    bool const& stop_requested, request what);

/// 2xx and 304 pass; anything else becomes its failure, with Retry-After as retry_at.
[[nodiscard]] result<response> checked_status(result<response> answer);

/// Conditional headers (RFC 9110, section 13) for what is known of a body.
void ask_if_changed(request& what, std::string const& etag, std::string const& last_modified);

/// Records an item that was given up.
[[nodiscard]] run_error to_run_error(std::string_view step, std::string const& key,
                                     std::string const& address, failure const& why, int attempts);

}  // namespace vinny
