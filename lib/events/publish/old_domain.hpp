// SPDX-License-Identifier: MIT
//
// A published database may still hold URLs of R2's development domain (pub-<hash>.r2.dev), which
// an older installation wrote. They are rewritten once, before the first rows.
#pragma once

#include <string>

#include "config/config.hpp"

namespace vinny {

/// One statement a column that holds URLs; the objects' keys stay what they are, and `prefix` is
/// part of the public URL already. Idempotent, and to be sent after the schema.
[[nodiscard]] std::string rewrite_old_domain(store_config const& store);

/// What a database is prepared with before its first rows: schema_sql(), then the rewriting.
[[nodiscard]] std::string preparation_sql(store_config const& store);

}  // namespace vinny
