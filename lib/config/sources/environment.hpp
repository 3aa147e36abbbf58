// SPDX-License-Identifier: MIT
//
// The environment and systemd's credentials, laid over a draft. The names are Vinny's own
// (VINNY_<SECTION>_<KEY>) and those of the original system. Private to config/.
#pragma once

#include <filesystem>
#include <string>

#include "config/draft.hpp"
#include "config/load.hpp"
#include "config/sources/dotenv.hpp"

namespace vinny::settings {

/// The process's own variables win over those of the `.env` file; empty ones are ignored.
void apply_environment(draft& onto, environment const& process, dotenv const& file,
                       std::string const& file_name);

/// Secrets from files in $CREDENTIALS_DIRECTORY (systemd.exec(5), LoadCredential=): the key
/// ("d1.api_token"), else the original's variable in capitals or small letters.
void apply_credentials(draft& onto, environment const& process);

}  // namespace vinny::settings
