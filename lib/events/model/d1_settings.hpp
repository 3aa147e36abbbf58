// SPDX-License-Identifier: MIT
//
// [d1]: the database that is published.
#pragma once

#include <cstdint>
#include <string>

#include "core/secret.hpp"

namespace vinny {

namespace settings {
class settings_table;
}

struct d1_config {
  std::string account_id;
  std::string database_id;
  std::string database_name = "vinny-vegas-events-db";
  std::string api_url = "https://api.cloudflare.com/client/v4";
  std::int64_t import_from = 200'000;  // changed rows: from here on by import, not by queries
  secret api_token;
};

/// The system's sections of the configuration.
void configure_events(settings::settings_table& to);

}  // namespace vinny
