// SPDX-License-Identifier: MIT
#include "events/publish/target.hpp"

#include <fmt/format.h>

#include "events/model/d1_settings.hpp"

namespace vinny {

publish_target target_of(config const& settings, sync_request const& request) {
  if (request.use_wrangler) {
    return request.local ? publish_target::wrangler_local : publish_target::wrangler;
  }
  if (request.local) return publish_target::local_database;
  bool const configured =
      !settings.of<d1_config>().database_id.empty() && !settings.of<d1_config>().api_token.empty();
  bool const several = request.pipeline() == "sync";
  return request.execute || (several && configured) ? publish_target::d1 : publish_target::script;
}

std::string half_configured(config const& settings, sync_request const& request) {
  auto const& d1 = settings.of<d1_config>();
  if (request.pipeline() != "sync" || d1.database_id.empty() == d1.api_token.empty()) return {};
  constexpr std::string_view instead = "export.sql is written instead of publishing to D1";
  return d1.api_token.empty()
             ? fmt::format("d1.database_id is set but no d1.api_token (CLOUDFLARE_API_TOKEN): {}",
                           instead)
             : fmt::format("d1.api_token is set but no d1.database_id (D1_DATABASE_ID): {}",
                           instead);
}

std::string describe(publish_target target, config const& settings) {
  auto const& d1 = settings.of<d1_config>();
  switch (target) {
    case publish_target::local_database:
      return (settings.data_dir / "local-d1.sqlite").string();
    case publish_target::d1:
      return fmt::format("D1 database {} by REST", d1.database_id);
    case publish_target::wrangler:
      return fmt::format("D1 database {} by wrangler", d1.database_name);
    case publish_target::wrangler_local:
      return fmt::format("wrangler's local database {}", d1.database_name);
    case publish_target::script:
      break;
  }
  return (settings.data_dir / "export.sql").string();
}

std::string name_in_catalog(publish_target target, config const& settings) {
  switch (target) {
    case publish_target::local_database:
      return "local";
    case publish_target::wrangler_local:
      return "wrangler:" + settings.of<d1_config>().database_name;
    case publish_target::d1:
    case publish_target::wrangler:
    case publish_target::script:
      break;
  }
  return "d1:" + settings.of<d1_config>().database_id;
}

}  // namespace vinny
