// SPDX-License-Identifier: MIT
//
// A run from beginning to end: the steps overlap, publishing waits for them.
#pragma once

#include "run/context.hpp"
#include "run/notices.hpp"

namespace vinny {

/// Does what context.request asks, keeps context.record and the feed up to date, and leaves the
/// record in its final state in the catalog. Cancelled: the state says so, nothing is lost.
[[nodiscard]] task<> execute(run_context& context, run_notices& notices);

/// The venues that names (tags or extractors) mean; all with a sitemap when there are none.
/// Fails with not_found, naming the known ones.
[[nodiscard]] result<std::vector<venue>> select_venues(config const& settings,
                                                       std::vector<std::string> const& names);

[[nodiscard]] std::string request_to_json(run_request const& request);

}  // namespace vinny
