// SPDX-License-Identifier: MIT
#include "library/model/library_settings.hpp"

#include "config/settings_table.hpp"

namespace vinny {
namespace {

using namespace settings;

rules<library_config> library_rules() {
  using c = library_config;
  return {
      text("lookup_url", &c::lookup_url, base_url_or_empty),
      integer("batch_size", &c::batch_size, 1, 10'000),
      integer("throttle_ms", &c::throttle, 0, 3'600'000),
      integer("concurrency", &c::concurrency, 1, 64),
      integer("enrichment_budget_ms", &c::enrichment_budget, 0, 60'000),
      integer("recheck_days", &c::recheck_days, 0, 36'500),
      boolean("mirror", &c::mirror),
      hidden("api_key", &c::api_key),
      hidden("database", &c::database),
      text("schema", &c::schema, sql_name),
      text("library_table", &c::library_table, sql_name),
      text("artists_table", &c::artists_table, sql_name),
      integer("statement_timeout_ms", &c::statement_timeout, 1'000, 86'400'000),
      boolean("synchronous_commit", &c::synchronous_commit),
      text("application_name", &c::application_name, sql_name),
  };
}

void check(config const& made, needs& to) {
  auto const& database = made.of<library_config>().database.reveal();
  to.need(database.empty() || database.starts_with("postgresql://") ||
              database.starts_with("postgres://") || database.find('=') != std::string::npos,
          "library.database", "library.database",
          "must be postgresql://user@host:port/database, or \"host=… dbname=…\"");
}

}  // namespace

void configure_library(settings_table& to) {
  to.section("library", library_rules(), "slack");
  to.add_synonym({"LIBRARY_METADATA_URL", "library.lookup_url"});
  to.add_synonym({"LML_API_KEY", "library.api_key", true});
  to.add_synonym({"LIBRARY_DATABASE_URL", "library.database", true});
  to.add_synonym({"WXYC_SCHEMA_NAME", "library.schema"});
  to.add_synonym({"DB_STATEMENT_TIMEOUT_MS", "library.statement_timeout_ms"});
  to.add_synonym({"DB_SYNCHRONOUS_COMMIT", "library.synchronous_commit"});
  to.add_synonym({"DB_APPLICATION_NAME", "library.application_name"});
  to.check(check);
}

}  // namespace vinny
