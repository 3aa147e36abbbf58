// SPDX-License-Identifier: MIT
//
// What each target has confirmed: digests by table and key. Functions run inside catalog::write
// or catalog::read.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "catalog/database.hpp"

namespace vinny {

[[nodiscard]] std::map<std::string, std::string> published_digests(database& db,
                                                                   std::string const& target);
/// Before rows are sent: keys that the target has not had are noted, so that a row which arrives
/// and is never confirmed can still be removed later.
void intend_published(database& db, std::string const& target,
                      std::vector<std::pair<std::string, std::string>> const& changes);
/// Key and digest of each confirmed change; an empty digest forgets the key.
void confirm_published(database& db, std::string const& target,
                       std::vector<std::pair<std::string, std::string>> const& changes);
/// The target is empty again.
void forget_published(database& db, std::string const& target);

}  // namespace vinny
