// SPDX-License-Identifier: MIT
//
// The runs that have to do with the library.
#pragma once

#include "run/context.hpp"

namespace vinny {

/// Takes lists of rows and of artists into the catalog. Errors: not_found, permission_denied,
/// bad_archive, those of the catalog.
[[nodiscard]] task<result<>> import_library(run_context& context);

/// Asks the lookup service for artwork of rows without, and writes what can be trusted, batch by
/// batch. What was answered is kept at once: a run that is cut off goes on from there. Errors:
/// config_invalid (no service is configured), lookup_credentials, those of the database. A service
/// that does not answer is no failure: the rest is put off, and a remark says why.
[[nodiscard]] task<result<>> backfill_artwork(run_context& context);

/// Gives every row its artist's name. Fails with not_found when rows without one are left.
[[nodiscard]] task<result<>> backfill_artist_names(run_context& context);

}  // namespace vinny
