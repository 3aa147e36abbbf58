// SPDX-License-Identifier: MIT
#include "events/model/d1_settings.hpp"

#include "config/settings_table.hpp"

namespace vinny {
namespace {

using namespace settings;

rules<d1_config> d1_rules() {
  using c = d1_config;
  return {
      text("account_id", &c::account_id, identifier),
      text("database_id", &c::database_id, identifier),
      text("database_name", &c::database_name, identifier),
      text("api_url", &c::api_url, base_url),
      integer("import_from", &c::import_from, 1, 1'000'000'000),
      hidden("api_token", &c::api_token),
  };
}

}  // namespace

void configure_events(settings_table& to) {
  to.section("d1", d1_rules(), "store");
  to.add_synonym({"CLOUDFLARE_API_TOKEN", "d1.api_token", true});
  to.add_synonym({"CLOUDFLARE_ACCOUNT_ID", "d1.account_id"});
  to.add_synonym({"D1_DATABASE_ID", "d1.database_id"});
}

}  // namespace vinny
