// SPDX-License-Identifier: MIT
//
// What each target has confirmed: digests by table and key. Functions run inside catalog::write
// or catalog::read.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/database.hpp"

namespace vinny {

/// The digest of a row that was sent, or is about to be, and is not confirmed.
inline constexpr std::string_view unconfirmed = "unconfirmed";

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
