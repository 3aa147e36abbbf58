// SPDX-License-Identifier: MIT
//
// Addresses as versions before 9 of the catalog spelled them: escapes of characters that may stand
// in a path or a query were decoded. A row that was made then is known by its present spelling,
// too, and takes it over: what is there is not fetched again.
#pragma once

#include <string>
#include <string_view>

#include "catalog/database.hpp"

namespace vinny {

/// The old spelling of an address that url::str() gives; the same where there is no difference.
[[nodiscard]] std::string old_spelling(std::string_view address);

/// The table's rows up to this one may have old spellings; 0: none has. `table`: pages, images,
/// captures. Inside catalog::write or catalog::read.
[[nodiscard]] std::int64_t last_old_spelling(database& db, std::string_view table);

}  // namespace vinny
